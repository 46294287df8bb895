import { closedLoop } from "./closed-loop.mjs";
import { createClient } from "./http-client.mjs";
import { travel } from "./journey.mjs";
import { createNotifier } from "./notifier.mjs";

/**
 * Makes journeys, any number of them at a time, and keeps count.
 * @param {import('./stage.mjs').Connector} connector
 * @param {number} maxAtOnce how many are made at a time
 */
export async function createVirtualUsers(connector, maxAtOnce) {
  const { bankingService, url: origin } = connector;
  const client = createClient(origin, maxAtOnce);
  const parts = { client, origin, notification: await createNotifier(connector) };
  /** @type {import('../../simulator/control-api.ts').CreatedAuthorisation[]} */
  const waiting = [];
  let begun = 0;
  const create = () => bankingService.createAuthorisation({ notify: false });
  return {
    begun: () => begun,
    /**
     * Has Banking Service create authorisations ahead of a lap, so that its work does not count.
     * @param {number} count
     */
    provide: (count) =>
      closedLoop({ callers: 8, atMost: count - waiting.length }, async () =>
        waiting.push(await create()),
      ),
    /**
     * @param {{ callers: number, forMs?: number, atMost?: number }} loop
     * @param {(times: number[]) => void} [note] is told how long each step of a journey took
     */
    lap: (loop, note) =>
      closedLoop(loop, async () => {
        begun += 1;
        const times = await travel(parts, waiting.pop() ?? (await create()));
        note?.(times);
      }),
    /** Whether Sage has been told of every journey. */
    async allReported() {
      const { patches } = await bankingService.counts();
      return patches === begun;
    },
    close: client.close,
  };
}
