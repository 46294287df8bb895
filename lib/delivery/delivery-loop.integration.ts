import type { ServerResponse } from "node:http";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { systemClock } from "../clock/clock.ts";
import { type Db, openDb, sql } from "../db/db.ts";
import { createHttpClient } from "../http/http.ts";
import type { Log } from "../log/log.ts";
import { useTestDb } from "../../testing/test-db.ts";
import { createAuthorisationsClient } from "../sage/authorisations-client.ts";
import { answerJson, type LocalServer, startLocalServer } from "../sage/local-server.fixture.ts";
import { type DeliveryLoop, dueDeliveries, startDeliveryLoop } from "./delivery-loop.ts";
import { createDeliverOutcome } from "./deliver-outcome.ts";
import { createOutboxStore, type OutboxStore } from "./outbox-store.ts";
import { rateShare } from "./rate-limit.ts";
import { pendingOutcomes } from "./pending-outcome.fixture.ts";

// Three replicas' loops, each with a pool and a client of its own, in front of one Provider API
// that keeps the time of each arrival.
const real = useTestDb();
const silent: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
const arrivals: number[] = [];
/** When the slot of each delivery was at the earliest, and how late calls came after theirs. */
const slots = new Map<string, number>();
const latenesses: number[] = [];
let answer: (response: ServerResponse) => void;
let provider: LocalServer;
const dbs: Db[] = [];
let loops: DeliveryLoop[] = [];

beforeAll(async () => {
  provider = await startLocalServer((response) => {
    const now = performance.now();
    arrivals.push(now);
    const id = provider.requests.at(-1)!.path.split("/").at(-1)!;
    latenesses.push(now - slots.get(id)!);
    answer(response);
  });
  dbs.push(...Array.from({ length: 3 }, () => openDb(real.url, { poolSize: 3 })));
});
beforeEach(async () => {
  arrivals.length = latenesses.length = 0;
  await real.db.rows(z.unknown(), sql`TRUNCATE authorisations CASCADE`);
});
afterEach(() => Promise.all(loops.splice(0).map((loop) => loop.stop())));
afterAll(async () => {
  await provider.close();
  for (const db of dbs) await db.close();
});

function startLoops(requestsPerSecond: number) {
  const token = { authorization: async () => "Bearer x", discard: () => undefined };
  loops = dbs.map((db) => {
    const authorisations = createAuthorisationsClient(
      { url: provider.url, key: "key" },
      { http: createHttpClient({ timeoutMs: 10_000 }), token },
    );
    const store = createOutboxStore(db, { requestsPerSecond });
    const take: OutboxStore["take"] = async (options) => {
      const askedAt = performance.now();
      const delivery = await store.take(options);
      if (delivery) slots.set(delivery.authorisationId, askedAt + delivery.waitMs);
      return delivery;
    };
    const deliver = createDeliverOutcome({
      outbox: { ...store, take },
      authorisations,
      clock: systemClock,
      log: silent,
    });
    return startDeliveryLoop({
      destinations: [dueDeliveries(deliver, { maxAtOnce: 50 })],
      maintenance: async () => undefined,
      clock: systemClock,
      log: silent,
    });
  });
}

const count = z.object({ n: z.int() });
const left = async () =>
  (
    await real.db.rows(
      count,
      sql`SELECT count(*)::int AS n FROM outcomes WHERE state <> 'delivered'`,
    )
  )[0]!.n;
const allDelivered = () => expect.poll(left, { timeout: 45_000, interval: 50 }).toBe(0);
const busiestSecond = () =>
  Math.max(
    ...arrivals.map((from) => arrivals.filter((at) => at >= from && at < from + 1000).length),
  );

describe("three delivery loops", () => {
  test("keep to their slots, whatever is repeated, so that calls exceed the rate only by late ones", async () => {
    // One in ten fails, one in ten is told to renew its token, which is a call like any other.
    answer = (response) =>
      answerJson(
        response,
        arrivals.length % 10 === 0 ? 500 : arrivals.length % 10 === 5 ? 401 : 200,
        {},
      );
    await pendingOutcomes(real.db, 200);
    startLoops(60);
    await allDelivered();
    expect(arrivals.length).toBeGreaterThanOrEqual(240);
    // As many as have a slot in a second and in the time that the latest came after its own.
    const windowSeconds = 1 + Math.max(...latenesses) / 1000;
    expect(Math.min(...latenesses)).toBeGreaterThanOrEqual(-1);
    expect(busiestSecond()).toBeLessThanOrEqual(Math.floor(windowSeconds * 60 * rateShare) + 1);
    // Nothing was sent twice but what had to be.
    expect(
      await real.db.rows(
        count,
        sql`SELECT count(*)::int AS n FROM attempts WHERE failure IS DISTINCT FROM 'slot-missed'`,
      ),
    ).toEqual([{ n: arrivals.length }]);
  });

  test("leave a Provider API that is away alone but for one try at a time, and deliver all when it is back", async () => {
    answer = (response) => answerJson(response, 503, {});
    await pendingOutcomes(real.db, 40);
    startLoops(100);
    // Whatever had a slot when the eighth failed is still sent; after that there are only tries, a
    // second or more apart.
    await expect.poll(() => arrivals.length, { timeout: 20_000 }).toBeGreaterThanOrEqual(8);
    await expect
      .poll(
        async () =>
          (
            await real.db.rows(
              count,
              sql`SELECT count(*)::int AS n FROM outcomes WHERE lease_until > now()`,
            )
          )[0]!.n,
        { timeout: 20_000 },
      )
      .toBeLessThanOrEqual(1);
    const from = performance.now();
    await expect.poll(() => performance.now() - from, { timeout: 10_000 }).toBeGreaterThan(3000);
    expect(arrivals.filter((at) => at > from).length).toBeLessThanOrEqual(4);
    answer = (response) => answerJson(response, 200, {});
    await allDelivered();
  });
});
