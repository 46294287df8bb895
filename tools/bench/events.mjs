import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { once } from "node:events";
import pg from "pg";
import { clientConfig, databaseTarget } from "../../lib/config/database-url.ts";
import { waitUntil } from "../../testing/wait-until.mjs";
import { closedLoop } from "./closed-loop.mjs";
import { createClient } from "./http-client.mjs";
import { createNotifier } from "./notifier.mjs";
import { connections } from "./notifications.mjs";
import { ratio, roundRobin } from "./rounds.mjs";

const rounds = 15;
const lapMs = 1000;

/**
 * `POST /notification` to two replicas, each on a database of its own: one tells a receiver of
 * every notification, the other one tells nobody.
 * @param {import('./stage.mjs').Stage} stage
 * @param {import('./stage.mjs').Connector} connector whose settings both have
 */
export async function measureEvents(stage, connector) {
  const receiver = createServer((request, response) => {
    request.resume().on("end", () => response.writeHead(204).end());
  }).listen(0, "127.0.0.1");
  await once(receiver, "listening");
  const { port } = /** @type {import('node:net').AddressInfo} */ (receiver.address());
  const events = {
    EVENTS_URL: `http://127.0.0.1:${port}/events`,
    EVENTS_SECRETS: `whsec_${randomBytes(32).toString("base64")}`,
  };
  const notification = await createNotifier(connector);
  const told = await stage.openAnother();
  const database = new pg.Client(clientConfig(databaseTarget(told)));
  await database.connect();
  // What waits is sent before the next lap, so that it does not burden the other side's.
  const quiet = () =>
    waitUntil(
      async () =>
        (await database.query("SELECT FROM outbox WHERE settled_at IS NULL LIMIT 1")).rowCount ===
        0,
      { what: "all events to be sent", withinMs: 120_000 },
    );
  /** @param {string} name @param {Record<string, string>} settings */
  const side = async (name, settings) => {
    const replica = await stage.startReplica({ ...connector.settings, ...settings });
    const client = createClient(replica.url, connections);
    return {
      name,
      async lap() {
        await quiet();
        return closedLoop({ callers: connections, forMs: lapMs }, () =>
          client.send(notification()),
        );
      },
      async close() {
        client.close();
        await replica.stop();
      },
    };
  };
  const sides = [
    await side("with events", { ...events, DATABASE_URL: told }),
    await side("without events", { DATABASE_URL: await stage.openAnother() }),
  ];
  const [own, silent] = /** @type {[Figures, Figures]} */ (await roundRobin(sides, rounds));
  for (const { close } of sides) await close();
  await database.end();
  receiver.close();
  receiver.closeAllConnections();
  return { figures: [own, silent], toSilent: ratio(own, silent), p99: own.p99 / silent.p99 };
}

/** @typedef {import('./rounds.mjs').Figures} Figures */
/** @typedef {Awaited<ReturnType<typeof measureEvents>>} Events */
