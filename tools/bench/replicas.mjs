import { closedLoop } from "./closed-loop.mjs";
import { createClient } from "./http-client.mjs";
import { travel } from "./journey.mjs";
import { createNotifier } from "./notifier.mjs";
import { roundRobin, ratio } from "./rounds.mjs";

const rounds = 5;
const lapMs = 4000;
const concurrency = 24;

/**
 * Whole journeys through one replica, and through three on one database with the requests of each
 * journey spread over all of them.
 * @param {import('./stage.mjs').Stage} stage
 */
export async function measureReplicas(stage) {
  const first = await stage.startConnector();
  const others = [
    await stage.startReplica(first.settings),
    await stage.startReplica(first.settings),
  ];
  const { host } = new URL(first.url);
  const notification = await createNotifier(first);
  const clients = [first, ...others].map(({ url }) => createClient(url, concurrency, host));
  let next = 0;
  /** @param {readonly import('./http-client.mjs').Client[]} chosen */
  const spread = (chosen) => ({
    send: (/** @type {import('./http-client.mjs').Call} */ call) =>
      /** @type {import('./http-client.mjs').Client} */ (chosen[(next += 1) % chosen.length]).send(
        call,
      ),
    close: () => undefined,
  });
  const side = (/** @type {number} */ count) => ({
    name: count === 1 ? "one replica" : `${count} replicas`,
    lap: () =>
      closedLoop({ callers: concurrency, forMs: lapMs }, async () =>
        travel(
          { client: spread(clients.slice(0, count)), origin: first.url, notification },
          await first.bankingService.createAuthorisation({ notify: false }),
        ),
      ),
  });
  const [one, three] = /** @type {[Figures, Figures]} */ (
    await roundRobin([side(1), side(3)], rounds)
  );
  for (const client of clients) client.close();
  for (const other of others) await other.stop();
  await first.stop();
  return { figures: [one, three], threeToOne: ratio(three, one) };
}

/** @typedef {import('./rounds.mjs').Figures} Figures */
/** @typedef {Awaited<ReturnType<typeof measureReplicas>>} Replicas */
