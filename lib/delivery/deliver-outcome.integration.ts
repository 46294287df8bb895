import type { ServerResponse } from "node:http";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { type Clock, systemClock } from "../clock/clock.ts";
import { DatabaseUnavailable, sql } from "../db/db.ts";
import { createHttpClient } from "../http/http.ts";
import type { Log } from "../log/log.ts";
import { useTestDb } from "../../testing/test-db.ts";
import { createAuthorisationsClient } from "../sage/authorisations-client.ts";
import { answerJson, type LocalServer, startLocalServer } from "../sage/local-server.fixture.ts";
import { createDeliverOutcome, type DeliverOutcome } from "./deliver-outcome.ts";
import { createOutboxStore, type OutboxStore } from "./outbox-store.ts";
import { pendingOutcome } from "./pending-outcome.fixture.ts";

const real = useTestDb();
let answer: (response: ServerResponse) => void;
let provider: LocalServer;
beforeAll(async () => {
  provider = await startLocalServer((response) => answer(response));
});
afterAll(() => provider.close());
beforeEach(async () => {
  answer = (response) => answerJson(response, 200, {});
  provider.requests.length = logged.length = 0;
  await real.db.rows(z.unknown(), sql`TRUNCATE authorisations CASCADE`);
  await real.db.rows(
    z.unknown(),
    sql`UPDATE provider_api_pace SET next_slot_at = now() - interval '1 hour', failures = 0,
      paused_until = NULL RETURNING id`,
  );
});

const logged: { event: string; fields: unknown }[] = [];
const note = (event: string, fields: unknown = {}) => void logged.push({ event, fields });
const log: Log = { debug: note, info: note, warn: note, error: note };

const started: DeliverOutcome[] = [];
afterEach(() => Promise.all(started.splice(0).map((deliver) => deliver.stop())));
/** One replica's deliveries, as it runs or with something in its way. */
function replica({
  clock = systemClock,
  outbox = {},
  tokens = ["Bearer good"],
}: { clock?: Clock; outbox?: Partial<OutboxStore>; tokens?: string[] } = {}) {
  const left = [...tokens];
  const token = {
    authorization: async () => left[0] ?? "Bearer good",
    discard: () => void left.shift(),
  };
  const authorisations = createAuthorisationsClient(
    { url: provider.url, key: "key" },
    { http: createHttpClient({ timeoutMs: 10_000 }), token, clock },
  );
  const deliver = createDeliverOutcome({
    outbox: { ...createOutboxStore(real.db, { requestsPerSecond: 20 }), ...outbox },
    authorisations,
    clock,
    log,
  });
  started.push(deliver);
  return deliver;
}

const outcomeOf = (authorisationId: string) =>
  real.db.prisma.outcome.findUniqueOrThrow({
    where: { authorisationId },
    include: { attempts: { orderBy: { number: "asc" } } },
  });
const lapse = () =>
  real.db.rows(
    z.unknown(),
    sql`UPDATE outcomes SET lease_until = now() - interval '1 second' RETURNING 1`,
  );
const delivered = (id: string) =>
  expect.poll(async () => (await outcomeOf(id)).state, { timeout: 20_000 }).toBe("delivered");

describe("an outcome", () => {
  test("is told before the person leaves, and recorded", async () => {
    const id = await pendingOutcome(real.db);
    await replica().soon(id);
    expect(await outcomeOf(id)).toMatchObject({
      state: "delivered",
      attempts: [{ number: 1, result: "applied", httpStatus: 200 }],
    });
    expect(provider.requests.map(({ path }) => path)).toEqual([`/authorisations/${id}`]);
  });
  test("that failed is told again by the same process when it is time, without any loop", async () => {
    const answers = [500, 429, 200];
    answer = (response) => answerJson(response, answers.shift() ?? 200, {});
    const id = await pendingOutcome(real.db);
    await replica().soon(id);
    await delivered(id);
    expect((await outcomeOf(id)).attempts).toMatchObject([
      { result: "unclear", httpStatus: 500 },
      { result: "postponed", httpStatus: 429 },
      { result: "applied" },
    ]);
  });
  test("refused after an attempt that may have been applied is probably applied, and operators are told", async () => {
    const answers = [502, 409];
    answer = (response) => answerJson(response, answers.shift() ?? 200, {});
    const id = await pendingOutcome(real.db);
    await replica().soon(id);
    await expect.poll(async () => (await outcomeOf(id)).state).toBe("probably_applied");
    await expect
      .poll(() => logged)
      .toContainEqual({ event: "outcome probably applied", fields: { authorisationId: id } });
  });
  test("refused at once is undeliverable, and operators are told", async () => {
    answer = (response) => answerJson(response, 404, {});
    const id = await pendingOutcome(real.db);
    await replica().soon(id);
    expect((await outcomeOf(id)).state).toBe("undeliverable");
    expect(logged).toContainEqual({
      event: "outcome undeliverable",
      fields: { authorisationId: id, reason: "rejected" },
    });
  });
  test("that is not to be sent before a given second is not", async () => {
    let first = 0;
    answer = (response) => {
      if (first) return void answerJson(response, 200, { waited: performance.now() - first });
      first = performance.now();
      answerJson(response, 429, {}, { "retry-after": "1" });
    };
    const id = await pendingOutcome(real.db);
    await replica().soon(id);
    await delivered(id);
    expect(performance.now() - first).toBeGreaterThanOrEqual(1000);
    expect(provider.requests).toHaveLength(2);
  });
});

describe("a 401", () => {
  test("is followed at once by one repeat with a new token, under an attempt and a slot of its own", async () => {
    const slots: unknown[] = [];
    const store = createOutboxStore(real.db, { requestsPerSecond: 20 });
    const take: OutboxStore["take"] = async (options) => {
      const delivery = await store.take(options);
      if (delivery) slots.push(delivery.epoch);
      return delivery;
    };
    answer = (response) =>
      answerJson(
        response,
        provider.requests.at(-1)?.headers.authorization === "Bearer new" ? 200 : 401,
        {},
      );
    const id = await pendingOutcome(real.db);
    await replica({ outbox: { take }, tokens: ["Bearer revoked", "Bearer new"] }).soon(id);
    expect(await outcomeOf(id)).toMatchObject({
      state: "delivered",
      attempts: [{ result: "postponed", httpStatus: 401 }, { result: "applied" }],
    });
    expect(slots).toEqual([1, 2]);
    expect(await real.db.rows(z.unknown(), sql`SELECT failures FROM provider_api_pace`)).toEqual([
      { failures: 0 },
    ]);
  });
  test("that comes again waits like any failure: the key is wrong", async () => {
    answer = (response) => answerJson(response, 401, {});
    const id = await pendingOutcome(real.db);
    await replica({ tokens: ["Bearer a", "Bearer b"] }).soon(id);
    expect((await outcomeOf(id)).attempts.length).toBeGreaterThanOrEqual(2);
    expect(
      await real.db.rows(
        z.object({ failures: z.int() }),
        sql`SELECT failures FROM provider_api_pace`,
      ),
    ).toMatchObject([{ failures: expect.toSatisfy((count: number) => count >= 1) }]);
  });
});

/**
 * A clock whose process is suspended for so long while it waits for its slot; only the wall clock
 * sees it.
 */
function suspendedWhileWaiting(ms: number): Clock {
  let missing = 0;
  return {
    ...systemClock,
    now: () => new Date(systemClock.now().getTime() + missing),
    sleep: async (waitMs, signal) => {
      await systemClock.sleep(waitMs, signal);
      missing += ms;
      ms = 0;
    },
  };
}

describe("a process that was frozen or suspended before it sent", () => {
  test("for longer than its lease sends nothing and writes nothing: another has it", async () => {
    const id = await pendingOutcome(real.db);
    const frozen = replica({ clock: suspendedWhileWaiting(60_000) });
    const stale = (await frozen.take({}))!;
    await lapse();
    const other = replica();
    const fresh = (await other.take({}))!;
    await frozen.send(stale);
    expect(provider.requests).toEqual([]);
    await other.send(fresh);
    expect(provider.requests).toHaveLength(1);
    expect(await outcomeOf(id)).toMatchObject({
      state: "delivered",
      attempts: [
        { number: 1, result: "unclear", failure: "abandoned" },
        { number: 2, result: "applied" },
      ],
    });
  });
  test("for less than its lease puts the delivery back and sends it once, in another slot", async () => {
    const id = await pendingOutcome(real.db);
    const paused = replica({ clock: suspendedWhileWaiting(2000) });
    await paused.send((await paused.take({}))!);
    // Before anybody who waits for it is answered.
    expect((await outcomeOf(id)).state).toBe("delivered");
    expect(provider.requests).toHaveLength(1);
    expect((await outcomeOf(id)).attempts).toMatchObject([
      { number: 1, result: "postponed", failure: "slot-missed" },
      { number: 2, result: "applied" },
    ]);
    expect(await real.db.rows(z.unknown(), sql`SELECT failures FROM provider_api_pace`)).toEqual([
      { failures: 0 },
    ]);
  });
  test("between the database's yes and its arrival here, for longer than the lease, sends nothing", async () => {
    let missing = 0;
    const store = createOutboxStore(real.db, { requestsPerSecond: 20 });
    const take: OutboxStore["take"] = async (options) => {
      const delivery = await store.take(options);
      missing += 60_000;
      return delivery;
    };
    await pendingOutcome(real.db);
    const clock = { ...systemClock, monotonicMs: () => systemClock.monotonicMs() + missing };
    const frozen = replica({ clock, outbox: { take } });
    const stale = (await frozen.take({}))!;
    await lapse();
    const fresh = (await replica().take({}))!;
    await frozen.send(stale);
    expect(provider.requests).toEqual([]);
    expect(fresh.epoch).toBe(2);
  });
});

describe("what an attempt came to", () => {
  test("is not lost while the database is away", async () => {
    let away = 2;
    const store = createOutboxStore(real.db, { requestsPerSecond: 20 });
    const settle: OutboxStore["settle"] = (...given) =>
      away-- > 0
        ? Promise.reject(new DatabaseUnavailable(new Error("gone")))
        : store.settle(...given);
    const id = await pendingOutcome(real.db);
    await replica({ outbox: { settle } }).soon(id);
    await delivered(id);
    expect(provider.requests).toHaveLength(1);
  });
});

describe("a process that stops", () => {
  test("lets go of what waits for its slot, so that another has it at once", async () => {
    const ids = await Promise.all(Array.from({ length: 5 }, () => pendingOutcome(real.db)));
    const stopping = replica();
    const sends: Promise<void>[] = [];
    for (const id of ids)
      sends.push(stopping.send((await stopping.take({ authorisationId: id }))!));
    await stopping.stop();
    await Promise.all(sends);
    const outcomes = await Promise.all(ids.map(outcomeOf));
    expect(
      outcomes.every(({ state, leaseUntil }) => state === "delivered" || leaseUntil === null),
    ).toBe(true);
    expect(outcomes.some(({ attempts }) => attempts[0]?.failure === "stopped")).toBe(true);
    const other = replica();
    for (const id of ids) await other.soon(id);
    for (const id of ids) await delivered(id);
    expect(provider.requests).toHaveLength(5);
  });
});
