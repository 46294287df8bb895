// Child processes that never outlive their parent, however it ends.
import { spawn } from "node:child_process";

// The child runs below a small shell that listens on a pipe from us: a line names a signal to pass
// on, and the pipe's end, which comes even when this process is killed outright, stops the child.
// Its own process group keeps a terminal's Ctrl-C away from it, so that the parent decides in which
// order things stop.
const keeper = `
exec 3<&0
"$@" 3<&- </dev/null &
child=$!
{ while read -r name; do kill -s "$name" "$child"; done; kill -s "$STOP_SIGNAL" "$child"; } <&3 2>/dev/null &
listener=$!
exec 3<&-
wait "$child"
status=$?
kill "$listener" 2>/dev/null
exit "$status"
`;

/**
 * @typedef {{
 *   name: string,
 *   exited: Promise<number>,
 *   signal(name: 'TERM' | 'INT' | 'QUIT' | 'KILL' | 'STOP' | 'CONT'): void,
 *   stop(): Promise<number>,
 * }} Supervised
 */

/**
 * @param {string} name as it is called in messages
 * @param {string[]} command
 * @param {object} [options]
 * @param {Record<string, string | undefined>} [options.env] the whole environment; ours, if none is
 *   given
 * @param {string} [options.cwd]
 * @param {number} [options.uid]
 * @param {number} [options.gid]
 * @param {'TERM' | 'INT'} [options.stopSignal] what asks this child to stop
 * @param {number} [options.killTimeoutMs] after which a child that was asked to stop is killed
 * @param {number} [options.output] the open file that takes what it writes; where ours goes, if
 *   none is given
 * @returns {Supervised}
 */
export function startSupervised(
  name,
  command,
  { env = process.env, cwd, uid, gid, stopSignal = "TERM", killTimeoutMs = 30_000, output } = {},
) {
  const child = spawn("/bin/sh", ["-c", keeper, "keeper", ...command], {
    env: /** @type {any} */ ({ ...env, STOP_SIGNAL: stopSignal }),
    detached: true,
    stdio: ["pipe", output ?? "inherit", output ?? "inherit"],
    ...(cwd === undefined ? {} : { cwd }),
    ...(uid === undefined ? {} : { uid }),
    ...(gid === undefined ? {} : { gid }),
  });
  // Writing to a child that has just ended is no fault of ours.
  child.stdin?.on("error", () => undefined);
  const exited = new Promise((resolve) => {
    child.once("error", () => resolve(127));
    child.once("exit", (code) => resolve(code ?? 1));
  });
  return {
    name,
    exited,
    signal: (signal) => void child.stdin?.write(`${signal}\n`),
    async stop() {
      child.stdin?.write(`${stopSignal}\n`);
      const killTimer = setTimeout(() => child.stdin?.write("KILL\n"), killTimeoutMs);
      const status = await exited;
      clearTimeout(killTimer);
      child.stdin?.end();
      return status;
    },
  };
}
