import { once } from "node:events";
import net from "node:net";
import path from "node:path";
import { text } from "node:stream/consumers";

/**
 * What makes a Node process answer {@link cpuMs} and {@link memoryAfterCollection}.
 * @param {string} folder where its socket will be
 */
export const probeEnvironment = (folder) => ({
  BENCH_PROBES: folder,
  NODE_OPTIONS: `--import=${new URL("probe.mjs", import.meta.url).href}`,
});

/**
 * Processor time a process has used so far, all its threads together.
 * @param {string} folder
 * @param {string} script the name of the file it runs
 */
export async function cpuMs(folder, script) {
  /** @type {NodeJS.CpuUsage} */
  const { user, system } = await ask(folder, script, "cpu");
  return (user + system) / 1000;
}

/**
 * Memory of a process after it has collected its garbage.
 * @param {string} folder
 * @param {string} script
 * @returns {Promise<NodeJS.MemoryUsage>}
 */
export const memoryAfterCollection = (folder, script) => ask(folder, script, "memory");

/** @param {string} folder @param {string} script @param {string} question */
async function ask(folder, script, question) {
  const socket = net.connect(path.join(folder, script));
  await once(socket, "connect");
  socket.write(question);
  return JSON.parse(await text(socket));
}
