import { randomBytes, randomUUID } from "node:crypto";
import { createAuthorisationStore } from "../../lib/authorisations/authorisation-store.ts";
import { createSessionStore } from "../../lib/authorisations/session-store.ts";
import { createNotificationStore } from "../../lib/notifications/notification-store.ts";
import { createOutboxStore } from "../../lib/delivery/outbox-store.ts";
import { openDb } from "../../lib/db/db.ts";
import { orderedUuid } from "../../lib/crypto/ordered-uuid.ts";
import { step } from "../../testing/progress.mjs";
import { seedDatabase } from "./seed-database.mjs";
import { median, quantile } from "../../testing/statistics.mjs";

const rounds = 15;
const journeysPerRound = 40;

/** The statements of one journey, in their order. */
const statements = /** @type {const} */ ([
  "record the notification",
  "match the entry",
  "claim",
  "end, with the outcome",
  "take the delivery",
  "settle it",
]);

/**
 * The same journeys, statement by statement, on databases that hold a past of different sizes. They
 * take turns, so that whatever else the machine does falls on all of them.
 * @param {import('./stage.mjs').Stage} stage
 * @param {number} rows how many authorisations the largest one holds
 */
export async function measureScale(stage, rows) {
  const sizes = [10_000, Math.round(rows / 10), rows];
  /** @type {{ size: number, db: import('../../lib/db/db.ts').Db, laps: number[][] }[]} */
  const sides = [];
  for (const size of sizes) {
    const url = await stage.openAnother();
    await step(`Making ${size.toLocaleString("en-GB")} authorisations of the past`, () =>
      seedDatabase(url, size),
    );
    sides.push({ size, db: openDb(url, { poolSize: 2 }), laps: [] });
  }
  await step("Making journeys on each", async () => {
    // The first round opens connections, plans statements and does not count. Sides change after
    // each journey: what else the machine does comes in bursts.
    for (let round = 0; round <= rounds; round += 1) {
      for (let count = 0; count < journeysPerRound; count += 1) {
        for (const { db, laps } of sides) {
          const times = await journey(db);
          if (round > 0) laps.push(times);
        }
      }
    }
  });
  for (const { db } of sides) await db.close();
  const sized = sides.map(({ size, laps }) => ({
    size,
    statements: statements.map((name, index) => {
      const times = laps.map((lap) => lap[index] ?? Number.NaN);
      return { name, p50: median(times), p99: quantile(times, 0.99), rounds: inRounds(times) };
    }),
  }));
  const claim = sized.map((side) => side.statements[statements.indexOf("claim")]?.rounds ?? []);
  const ratio = (/** @type {number} */ index) =>
    median((claim[index] ?? []).map((time, round) => time / (claim[0]?.[round] ?? Number.NaN)));
  return { sized, claimRatios: [ratio(1), ratio(2)] };
}

/** The median of each round. @param {number[]} times */
const inRounds = (times) =>
  Array.from({ length: rounds }, (_, round) =>
    median(times.slice(round * journeysPerRound, (round + 1) * journeysPerRound)),
  );

/** @param {import('../../lib/db/db.ts').Db} db */
async function journey(db) {
  const id = randomUUID();
  const session = {
    id: orderedUuid(new Date()),
    handleDigest: new Uint8Array(randomBytes(32)),
    locale: "en-GB",
    state: /** @type {const} */ ("awaiting_bank"),
    step: 1,
    sealedStep: "x".repeat(500),
  };
  const parameters = {
    authorisationId: id,
    bankAccount: "b",
    externalId: "e",
    redirectUri: "https://x.sage.com/",
    state: "s",
  };
  const outbox = createOutboxStore(db, { requestsPerSecond: 1000 });
  const body = { data: { status: "success" } };
  const notification = {
    type: "resourceCreated",
    resource: { id, type: "authorisation" },
    bankId: null,
    externalId: null,
    requestedStartDate: null,
    announcesAuthorisation: true,
    authorisationId: id,
  };
  /** @type {number[]} */
  const times = [];
  /** @template T @param {() => Promise<T>} work */
  const timed = async (work) => {
    const from = performance.now();
    const done = await work();
    times.push(performance.now() - from);
    return done;
  };
  await timed(() => createNotificationStore(db, { lifetimeSeconds: 1140 }).record(notification));
  await timed(() => createAuthorisationStore(db).match(parameters, { bind: true }));
  const claimed = await timed(() => createSessionStore(db).claim(parameters, session));
  const ended = await timed(() =>
    outbox.finish({
      sessionId: session.id,
      result: "authorised",
      reason: null,
      body,
      from: { state: "awaiting_bank", step: 1 },
    }),
  );
  const delivery = await timed(() => outbox.take({}));
  if (!claimed || !ended || !delivery)
    throw new Error("a journey of the benchmark did not go as it must");
  await timed(() => outbox.settle(delivery, { type: "applied", status: 200 }, 0));
  return times;
}

/** @typedef {Awaited<ReturnType<typeof measureScale>>} Scale */
