/** @type {import('next').NextConfig} */
export default {
  // HTML carries tokens, so it is never compressed (BREACH); the assets are compressed by
  // server/serve-assets.ts.
  compress: false,
  poweredByHeader: false,
  // The optimizer would be an open fetcher of pictures; there is nothing for it to do here.
  images: { unoptimized: true },
  skipTrailingSlashRedirect: true,
  // `next dev` would log every address, and addresses hold handles.
  logging: { incomingRequests: false },
  typescript: { ignoreBuildErrors: true },
  serverExternalPackages: ["pino", "pg", "@prisma/client", "@prisma/adapter-pg"],
};
