// One line for each long step, so that nobody wonders whether a command hangs. Node built-ins of
// Node 20 only.
import { spawn } from "node:child_process";

/**
 * Runs `work` and writes one line, `Installing packages…  41 s`.
 * @template T
 * @param {string} title
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(title, work) {
  const started = performance.now();
  process.stdout.write(`${title}…  `);
  try {
    const result = await work();
    process.stdout.write(`${seconds(started)}\n`);
    return result;
  } catch (error) {
    process.stdout.write(`failed after ${seconds(started)}\n`);
    throw error;
  }
}

/** @param {number} started */
export function seconds(started) {
  const passed = (performance.now() - started) / 1000;
  return passed < 9.95 ? `${passed.toFixed(1)} s` : `${Math.round(passed)} s`;
}

/** The signals by which a terminal, npm or a service manager asks a process to stop. */
export const stopSignals = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]);

/** A failure whose message is all a person needs; no stack is shown for it. */
export class PlainError extends Error {}

/**
 * Runs a command to its end without showing what it writes, unless it fails.
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 * @returns {Promise<void>}
 */
export async function runQuietly(command, args, options = {}) {
  /** @type {Buffer[]} */
  const written = [];
  const status = await run(
    command,
    args,
    { ...options, stdio: ["ignore", "pipe", "pipe"] },
    (child) => {
      for (const stream of [child.stdout, child.stderr])
        stream?.on("data", (chunk) => written.push(chunk));
    },
  );
  if (status === 0) return;
  const lines = Buffer.concat(written).toString().trimEnd().split("\n");
  const shown = lines.length > 80 ? [...lines.slice(0, 40), "…", ...lines.slice(-40)] : lines;
  throw new PlainError(
    [`${[command, ...args].join(" ")} ended with exit status ${status}`, ...shown].join("\n"),
  );
}

/**
 * Runs a command to its end with its output shown.
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 * @returns {Promise<number>} its exit status; 1 when a signal ended it
 */
export const runShown = (command, args, { env = process.env, ...options } = {}) =>
  // In a log file colours are noise; some tools take CI for a reason to use them.
  run(command, args, {
    stdio: "inherit",
    env: process.stdout.isTTY ? env : { ...env, NO_COLOR: "1" },
    ...options,
  });

/**
 * Runs a command, passing on the signals that ask this process to stop.
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 * @param {(child: import('node:child_process').ChildProcess) => void} [watch]
 * @returns {Promise<number>}
 */
function run(command, args, options, watch) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, options);
    watch?.(child);
    /** @param {NodeJS.Signals} signal */
    const passOn = (signal) => child.kill(signal);
    for (const signal of stopSignals) process.on(signal, passOn);
    child.once("error", (error) =>
      reject(new PlainError(`${command} could not be started: ${error.message}`)),
    );
    child.once("close", (code) => {
      for (const signal of stopSignals) process.off(signal, passOn);
      resolve(code ?? 1);
    });
  });
}

/**
 * Runs a script's main function: a {@link PlainError} ends it with that message, anything else with
 * its stack.
 * @param {() => Promise<number | void>} main gives the exit status
 */
export async function runMain(main) {
  try {
    const status = await main();
    if (status !== undefined) process.exitCode = status;
  } catch (error) {
    process.stderr.write(
      `\n${error instanceof PlainError ? error.message : error instanceof Error ? error.stack : String(error)}\n`,
    );
    // What the main function had begun, such as the connector's delivery loop, must not keep a
    // failed command alive.
    process.exit(1);
  }
}
