import { randomUUID } from "node:crypto";
import { closedLoop } from "./closed-loop.mjs";
import { createClient } from "./http-client.mjs";
import { createNotifier } from "./notifier.mjs";
import { roundRobin, ratio } from "./rounds.mjs";

export const connections = 32;
const rounds = 15;
const lapMs = 1000;

/**
 * `POST /notification` against an empty route handler of Next and against a bare server that does
 * the same insert. All three get the same requests.
 * @param {{ connector: import('./stage.mjs').Connector, emptyNext: import('./stage.mjs').Server,
 *   bare: import('./stage.mjs').Server }} servers
 */
export async function measureNotifications({ connector, emptyNext, bare }) {
  const notification = await createNotifier(connector);
  /** @type {string[]} what the connector was told of */
  const notified = [];
  /**
   * @param {string} name
   * @param {import('./stage.mjs').Server} server
   * @param {{ path?: string, note?: (id: string) => void }} [options]
   */
  const side = (name, { url, cpu }, { path, note } = {}) => {
    const client = createClient(url, connections);
    const send = async () => {
      const id = randomUUID();
      const call = notification(id);
      await client.send(path ? { ...call, path } : call);
      note?.(id);
    };
    return {
      name,
      cpu,
      lap: () => closedLoop({ callers: connections, forMs: lapMs }, send),
      close: client.close,
    };
  };
  const sides = [
    side("connector", connector, { note: (id) => notified.push(id) }),
    side("empty Next route handler", emptyNext, { path: "/empty" }),
    side("bare node:http + pg", bare),
  ];
  const [own, empty, insert] = /** @type {[Figures, Figures, Figures]} */ (
    await roundRobin(sides, rounds)
  );
  for (const { close } of sides) close();
  return {
    notified,
    figures: [own, empty, insert],
    toEmpty: ratio(own, empty),
    toBare: ratio(own, insert),
  };
}

/** @typedef {import('./rounds.mjs').Figures} Figures */
/** @typedef {Awaited<ReturnType<typeof measureNotifications>>} Notifications */
