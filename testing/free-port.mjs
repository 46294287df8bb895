import { createServer } from "node:net";

/**
 * TCP ports that are free now, all different.
 * @param {number} count
 * @returns {Promise<number[]>}
 */
export async function freePorts(count) {
  const servers = await Promise.all(Array.from({ length: count }, () => listening(0)));
  const ports = servers.map(
    (server) => /** @type {import('node:net').AddressInfo} */ (server.address()).port,
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
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
