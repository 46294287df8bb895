import path from "node:path";
import { root } from "./toolchain.mjs";

/**
 * What runs the connector; `npm start` and the Dockerfile say the same. The space V8 keeps for
 * young objects grows to 64 MB with the first burst and stays: held at a quarter, a process that
 * has made 10,000 journeys needs what it needed after 1,000, and 100 MB less; notifications cost a
 * tenth more (docs/performance.md).
 */
export const startCommand = [
  process.execPath,
  "--max-semi-space-size=8",
  path.join(root, "server/start.ts"),
];
