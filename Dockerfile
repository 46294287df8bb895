# The connector in production. Build: docker build -t connector . (needs no setting and no database)

# Images are pinned by their exact tag; docs/deployment.md says how to pin them by digest.

# What runs: the packages without those for development. The optional ones are Node itself, compilers and picture codecs, none of which serves a request. No install
# script is needed, and Prisma's would download an engine nobody uses.
FROM node:24.21.0-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --omit=optional --ignore-scripts

# The build installs all packages by itself, from the same lockfile.
FROM node:24.21.0-bookworm-slim AS build
WORKDIR /app
COPY . .
RUN npm run build && rm -rf .next/cache && cp -L node_modules/.bin/node /usr/local/bin/pinned-node

# One Node is in the image: the one that the lockfile pins and the tests ran on.
FROM debian:12.12-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /usr/local/bin/pinned-node /usr/local/bin/node
COPY --from=packages /app/node_modules node_modules
COPY --from=build /app/.next .next
COPY package.json next.config.mjs ./
COPY public public
COPY prisma prisma
COPY server server
# What server/ imports of lib/; the rest of lib/ and app/ is in the build.
COPY lib/clock lib/clock
COPY lib/config lib/config
COPY lib/db lib/db
COPY lib/events lib/events
COPY lib/http lib/http
COPY lib/log lib/log
COPY lib/net lib/net
COPY lib/web lib/web
# By number, so that Kubernetes can see that it is not root. It owns no file and needs to write none: run the container with a read-only file system.
USER 10001:10001
EXPOSE 3000
STOPSIGNAL SIGTERM
# Live, not ready: a database that is away is no reason to replace the container.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 CMD ["node", "server/health.ts", "/health/live"]
CMD ["node", "--max-semi-space-size=8", "server/start.ts"]
