import path from "node:path";
import { root } from "./toolchain.mjs";

/**
 * The connector under one of Next's own commands, without our server in front.
 * @param {"development" | "production"} NODE_ENV
 * @param {readonly string[]} command
 * @returns {import('./start-connector.mjs').ConnectorCommand}
 */
const underNext = (NODE_ENV, command) => ({
  command: [process.execPath, ...command],
  // The last one keeps Next from reading .env files: settings come from the environment.
  env: { NODE_ENV, NEXT_TELEMETRY_DISABLED: "1", __NEXT_PROCESSED_ENV: "true" },
});

/** @param {string} folder */
const next = (folder) => path.join(folder, "node_modules/next/dist/bin/next");

/**
 * `next dev`, started anew when something changes that the process reads once.
 * @param {number} port
 * @param {string} [folder] the root of the clone
 */
export const nextDev = (port, folder = root) =>
  underNext("development", [
    path.join(root, "tools/support/restart-on-change.mjs"),
    folder,
    next(folder),
    "dev",
    "--port",
    String(port),
  ]);

/** @param {number} port */
export const nextStart = (port) =>
  underNext("production", [next(root), "start", "--port", String(port)]);
