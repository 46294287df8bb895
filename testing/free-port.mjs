import { randomInt } from "node:crypto";
import { createServer } from "node:net";

// Below those that systems give to outgoing connections (RFC 6335 §6; Linux begins at 32768): one of
// these is not taken by a connection between the moment it is found free and its server's start.
const lowest = 12_000;
const highest = 32_000;

/**
 * TCP ports that are free now, all different.
 * @param {number} count
 * @returns {Promise<number[]>}
 */
export async function freePorts(count) {
  /** @type {Set<number>} */
  const ports = new Set();
  while (ports.size < count) {
    const port = randomInt(lowest, highest);
    if (!ports.has(port) && (await portIsFree(port))) ports.add(port);
  }
  return [...ports];
}

/**
 * Whether a server could listen on the port, on all interfaces as the connector does.
 * @param {number} port
 * @returns {Promise<boolean>}
 */
export async function portIsFree(port) {
  try {
    const server = await listening(port);
    await new Promise((resolve) => server.close(resolve));
    return true;
  } catch {
    return false;
  }
}

/** @param {number} port @returns {Promise<import('node:net').Server>} */
function listening(port) {
  const server = createServer();
  return new Promise((resolve, reject) =>
    server.once("error", reject).listen(port, () => resolve(server)),
  );
}
