/** @type {import('next').NextConfig} */
export default {
  // HTML carries tokens, so it is never compressed (BREACH); the assets are compressed by
  // scripts/support/serve-assets.mjs.
  compress: false,
  poweredByHeader: false,
  // The optimizer would be an open fetcher of pictures; there is nothing for it to do here.
  images: { unoptimized: true },
  skipTrailingSlashRedirect: true,
  typescript: { ignoreBuildErrors: true },
  serverExternalPackages: ["pino", "pg", "@prisma/client", "@prisma/adapter-pg"],
};
