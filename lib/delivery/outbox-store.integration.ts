import { beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { sql } from "../db/db.ts";
import { useTestDb } from "../../testing/test-db.ts";
import type { AttemptRecord, Delivery } from "./delivery-store.ts";
import { createOutboxStore, type OutboxStore } from "./outbox-store.ts";
import type { OutcomeBody } from "./outcome.ts";
import { pendingOutcome, pendingOutcomes, sessionAtBank } from "./pending-outcome.fixture.ts";

const real = useTestDb();
beforeEach(async () => {
  await real.db.rows(z.unknown(), sql`TRUNCATE authorisations CASCADE`);
  await real.db.rows(
    z.unknown(),
    sql`UPDATE provider_api_pace SET next_slot_at = now() - interval '1 hour', failures = 0,
      paused_until = NULL RETURNING id`,
  );
});

const success: OutcomeBody = { data: { status: "success" } };
const outbox = (requestsPerSecond = 1000) => createOutboxStore(real.db, { requestsPerSecond });
const run = (statement: ReturnType<typeof sql>) => real.db.rows(z.unknown(), statement);

const session = () => sessionAtBank(real.db);
const pending = () => pendingOutcome(real.db);

const outcomeOf = (authorisationId: string) =>
  real.db.prisma.outcome.findUniqueOrThrow({
    where: { authorisationId },
    include: { attempts: { orderBy: { number: "asc" } } },
  });
const lapse = (authorisationId: string) =>
  run(
    sql`UPDATE outcomes SET lease_until = now() - interval '1 second'
      WHERE authorisation_id = ${authorisationId}::uuid RETURNING 1`,
  );
const makeDue = (authorisationId: string) =>
  run(
    sql`UPDATE outcomes SET due_at = now() WHERE authorisation_id = ${authorisationId}::uuid
      RETURNING 1`,
  );

describe("the end of a session", () => {
  test("writes the outcome and drops what the bank asked, together", async () => {
    const { id, authorisationId } = await session();
    expect(
      await outbox().finish({
        sessionId: id,
        result: "authorised",
        reason: null,
        body: success,
        from: { state: "awaiting_bank", step: 1 },
      }),
    ).toBe(true);
    expect(await real.db.prisma.session.findUniqueOrThrow({ where: { id } })).toMatchObject({
      state: "finished",
      result: "authorised",
      sealedStep: null,
      bankDeadlineAt: null,
    });
    expect(await outcomeOf(authorisationId)).toMatchObject({
      state: "pending",
      body: success,
      attempts: [],
    });
  });
  test("happens once, whoever comes first of 50", async () => {
    const { id, authorisationId } = await session();
    const ends = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        outbox().finish({
          sessionId: id,
          result: index % 2 ? "cancelled" : "authorised",
          reason: null,
          body: index % 2 ? null : success,
        }),
      ),
    );
    expect(ends.filter(Boolean)).toHaveLength(1);
    expect(await real.db.prisma.outcome.count({ where: { authorisationId } })).toBe(1);
  });
  test("does not happen from a step that has passed", async () => {
    const { id } = await session();
    expect(
      await outbox().finish({
        sessionId: id,
        result: "authorised",
        reason: null,
        body: success,
        from: { state: "awaiting_bank", step: 2 },
      }),
    ).toBe(false);
    expect(
      await outbox().finish({
        sessionId: id,
        result: "authorised",
        reason: null,
        body: success,
        from: { state: "awaiting_user", step: 1 },
      }),
    ).toBe(false);
  });
  test("with nothing to tell Sage needs no delivery", async () => {
    const { id, authorisationId } = await session();
    await outbox().finish({ sessionId: id, result: "refused", reason: "locked", body: null });
    expect(await outcomeOf(authorisationId)).toMatchObject({
      state: "not_required",
      body: null,
      settledAt: expect.any(Date),
    });
    expect(await outbox().take({})).toBeUndefined();
  });
  test("is no success after its time, and no expiry before it", async () => {
    const { id } = await session();
    expect(
      await outbox().finish({ sessionId: id, result: "expired", reason: null, body: null }),
    ).toBe(false);
    await run(
      sql`UPDATE sessions SET expires_at = now() - interval '1 second' WHERE id = ${id}::uuid
        RETURNING 1`,
    );
    expect(
      await outbox().finish({ sessionId: id, result: "authorised", reason: null, body: success }),
    ).toBe(false);
    expect(
      await outbox().finish({ sessionId: id, result: "expired", reason: null, body: null }),
    ).toBe(true);
  });
  test("comes to those nobody looks at any more", async () => {
    const [old, young] = [await session(), await session()];
    await run(
      sql`UPDATE sessions SET expires_at = now() - interval '1 second' WHERE id = ${old.id}::uuid
        RETURNING 1`,
    );
    expect(await outbox().finishOverdue(null, 10)).toBe(1);
    expect(await real.db.prisma.session.findUniqueOrThrow({ where: { id: old.id } })).toMatchObject(
      { result: "expired", sealedStep: null },
    );
    expect(
      await real.db.prisma.session.findUniqueOrThrow({ where: { id: young.id } }),
    ).toMatchObject({ state: "awaiting_bank" });
  });
});

describe("a delivery", () => {
  test("is taken by one of two workers, and each of many by one", async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, pending));
    const taken = await Promise.all(Array.from({ length: 40 }, () => outbox().take({})));
    const found = taken.flatMap((delivery) => (delivery ? [delivery.authorisationId] : []));
    expect(found.toSorted()).toEqual(ids.toSorted());
  });
  test("is recorded as an attempt before anything is sent", async () => {
    const id = await pending();
    const delivery = await outbox().take({ authorisationId: id });
    expect(delivery).toMatchObject({ authorisationId: id, epoch: 1, body: success });
    expect((await outcomeOf(id)).attempts).toMatchObject([
      { number: 1, finishedAt: null, result: null },
    ]);
  });
  test("is taken again when its lease has passed on, and the one who had it writes nothing any more", async () => {
    const id = await pending();
    const frozen = (await outbox().take({}))!;
    expect(await outbox().take({})).toBeUndefined();
    await lapse(id);
    const fresh = (await outbox().take({}))!;
    expect(fresh.epoch).toBe(2);
    expect(await outbox().settle(frozen, { type: "rejected", status: 404 }, 0)).toBeUndefined();
    expect(await outbox().settle(fresh, { type: "applied", status: 200 }, 0)).toEqual({
      state: "delivered",
    });
    expect(await outcomeOf(id)).toMatchObject({
      state: "delivered",
      attempts: [
        { number: 1, result: "unclear", failure: "abandoned" },
        { number: 2, result: "applied", httpStatus: 200 },
      ],
    });
  });
  test.each<[string, AttemptRecord[], string]>([
    ["applied", [{ type: "applied", status: 200 }], "delivered"],
    ["refused at once", [{ type: "rejected", status: 404 }], "undeliverable"],
    [
      "postponed, then applied",
      [
        { type: "postponed", status: 429 },
        { type: "applied", status: 204 },
      ],
      "delivered",
    ],
    [
      "postponed, then refused",
      [
        { type: "postponed", status: 429 },
        { type: "rejected", status: 409 },
      ],
      "undeliverable",
    ],
    [
      "unclear, then refused",
      [
        { type: "unclear", failure: "timeout" },
        { type: "rejected", status: 409 },
      ],
      "probably_applied",
    ],
    ["unclear", [{ type: "unclear", failure: "network" }], "pending"],
  ])("that is %s ends as it should", async (_, attempts, state) => {
    const id = await pending();
    for (const attempt of attempts) {
      await makeDue(id);
      await outbox().settle((await outbox().take({ authorisationId: id }))!, attempt, 0);
    }
    const outcome = await outcomeOf(id);
    expect(outcome.state).toBe(state);
    expect(outcome.attempts.map(({ result }) => result)).toEqual(attempts.map(({ type }) => type));
    expect(outcome.settledAt === null).toBe(state === "pending");
  });
  test("that was never recorded as finished counts as unclear", async () => {
    const id = await pending();
    await outbox().take({});
    await lapse(id);
    expect(
      await outbox().settle((await outbox().take({}))!, { type: "rejected", status: 409 }, 0),
    ).toEqual({ state: "probably_applied" });
  });
  test("that is postponed waits for its time", async () => {
    const id = await pending();
    await outbox().settle((await outbox().take({}))!, { type: "postponed", status: 429 }, 60_000);
    expect(await outbox().take({ authorisationId: id })).toBeUndefined();
  });
  test("is given up, visibly, at its end", async () => {
    const id = await pending();
    expect(await outbox().giveUpOverdue(10)).toEqual([]);
    await run(
      sql`UPDATE outcomes SET deliver_until = now() - interval '1 second'
        WHERE authorisation_id = ${id}::uuid RETURNING 1`,
    );
    expect(await outbox().take({})).toBeUndefined();
    expect(await outbox().giveUpOverdue(10)).toEqual([id]);
    expect(await outcomeOf(id)).toMatchObject({ state: "undeliverable" });
  });
  test("is given up by one of several replicas, of many a few at a time, and not while somebody sends it", async () => {
    const ids = await Promise.all(Array.from({ length: 5 }, pending));
    const sending = (await outbox().take({}))!;
    await run(sql`UPDATE outcomes SET deliver_until = now() - interval '1 second' RETURNING 1`);
    // Who gets how many of them is the scheduler's; each of them is got once, by somebody who took
    // no more than was allowed.
    const givenUp: string[] = [];
    const giveUp = async () => {
      const some = await outbox().giveUpOverdue(3);
      expect(some.length).toBeLessThanOrEqual(3);
      givenUp.push(...some);
      return some.length;
    };
    await Promise.all([giveUp(), giveUp()]);
    while ((await giveUp()) > 0);
    expect(givenUp.toSorted()).toEqual(
      ids.filter((id) => id !== sending.authorisationId).toSorted(),
    );
  });
  test("waits for its slot: ten a second over all replicas", async () => {
    await Promise.all(Array.from({ length: 15 }, pending));
    const taken = await Promise.all(Array.from({ length: 15 }, () => outbox(10).take({})));
    const waits = taken.map((delivery) => delivery?.waitMs ?? -1).toSorted((a, b) => a - b);
    expect(waits[0]).toBeLessThan(100);
    // However fast they were taken, the last one's slot is fourteen slots after the first one's.
    const { next_slot_at: next } = (
      await real.db.rows(
        z.object({ next_slot_at: z.date() }),
        sql`SELECT next_slot_at FROM provider_api_pace`,
      )
    )[0]!;
    const firstSlot = (await run(sql`SELECT min(lease_until) AS first FROM outcomes`))[0] as {
      first: Date;
    };
    expect(next.getTime() - (firstSlot.first.getTime() - 10_000)).toBeGreaterThanOrEqual(1500);
  });
});

describe("the slots of many deliveries", () => {
  const nextSlot = (at: ReturnType<typeof sql>) =>
    run(sql`UPDATE provider_api_pace SET next_slot_at = now() + ${at} RETURNING 1`);
  test("of 500 that wait, taken by three stores, follow each other without a gap and use more than nine tenths of the rate", async () => {
    await pendingOutcomes(real.db, 500);
    const rate = 400;
    await nextSlot(sql`interval '0.5 seconds'`);
    const taken: Delivery[] = [];
    const takeAll = async (store: OutboxStore) => {
      for (let delivery = await store.take({}); delivery; delivery = await store.take({}))
        taken.push(delivery);
    };
    await Promise.all(
      Array.from({ length: 3 }, () => outbox(rate)).flatMap((store) => [
        takeAll(store),
        takeAll(store),
      ]),
    );
    expect(new Set(taken.map(({ authorisationId }) => authorisationId)).size).toBe(500);
    // A slot that is waited for was reserved before it came, so it is as close to the one before as
    // the rate allows; one that is not waited for came late, on whatever machine.
    const waits = new Map(taken.map((each) => [each.authorisationId, each.waitMs]));
    const leases = await real.db.rows(
      z.object({ id: z.uuid(), at: z.number() }),
      sql`SELECT authorisation_id AS id, extract(epoch FROM lease_until)::float8 * 1000 AS at
        FROM outcomes ORDER BY lease_until`,
    );
    const slots = leases.map(({ id, at }) => ({ at, waitMs: waits.get(id)! }));
    const gaps = slots
      .slice(1)
      .map((slot, index) => ({ ms: slot.at - slots[index]!.at, waited: slot.waitMs > 0 }));
    expect(Math.min(...gaps.map(({ ms }) => ms))).toBeGreaterThan(1000 / rate);
    expect(Math.max(0, ...gaps.filter(({ waited }) => waited).map(({ ms }) => ms))).toBeLessThan(
      1000 / (0.9 * rate),
    );
  });
  test("are not waited for under a lease for longer than two seconds", async () => {
    await pending();
    await nextSlot(sql`interval '2.5 seconds'`);
    expect(await outbox().take({})).toBeUndefined();
    await nextSlot(sql`interval '1.9 seconds'`);
    expect((await outbox().take({}))?.waitMs).toBeLessThanOrEqual(1900);
  });
  test("set by a clock that is gone are forgotten", async () => {
    await pending();
    await nextSlot(sql`interval '1 hour'`);
    expect((await outbox().take({}))?.waitMs).toBeLessThan(1000);
  });
});

describe("after eight failures in a row, whoever made them,", () => {
  const failing: AttemptRecord = { type: "unclear", failure: "timeout" };
  const pauseIsOver = () =>
    run(
      sql`UPDATE provider_api_pace SET paused_until = now() - interval '1 millisecond'
        WHERE paused_until IS NOT NULL RETURNING 1`,
    );

  async function paused() {
    await Promise.all(Array.from({ length: 10 }, pending));
    const deliveries = [];
    for (let count = 0; count < 8; count += 1) deliveries.push((await outbox().take({}))!);
    const settled = [];
    for (const delivery of deliveries) settled.push(await outbox().settle(delivery, failing, 0));
    return settled;
  }

  test("all deliveries pause, and it is told once", async () => {
    expect((await paused()).map((settled) => settled?.pause)).toEqual([
      ...Array.from({ length: 7 }, () => undefined),
      "begun",
    ]);
    expect(await Promise.all(Array.from({ length: 5 }, () => outbox().take({})))).toEqual(
      Array.from({ length: 5 }, () => undefined),
    );
  });
  test("one of many replicas tries after a while, and while it tries nobody else does", async () => {
    await paused();
    await pauseIsOver();
    const taken = (await Promise.all(Array.from({ length: 20 }, () => outbox().take({})))).filter(
      (delivery) => delivery !== undefined,
    );
    expect(taken).toMatchObject([{ probe: true }]);
    expect(await outbox().settle(taken[0]!, failing, 0)).toEqual({ state: "pending" });
    expect(await outbox().take({})).toBeUndefined();
    const [{ seconds } = { seconds: 0 }] = await real.db.rows(
      z.object({ seconds: z.number() }),
      sql`SELECT extract(epoch FROM paused_until - now())::float8 AS seconds
        FROM provider_api_pace`,
    );
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(2);
  });
  test("the first that is answered ends the pause for all, and it is told once", async () => {
    await paused();
    await pauseIsOver();
    expect(
      await outbox().settle((await outbox().take({}))!, { type: "applied", status: 200 }, 0),
    ).toEqual({ state: "delivered", pause: "ended" });
    const taken = await Promise.all(Array.from({ length: 5 }, () => outbox().take({})));
    expect(taken.every((delivery) => delivery && !delivery.probe)).toBe(true);
    expect(await outbox().settle(taken[0]!, { type: "applied", status: 200 }, 0)).toEqual({
      state: "delivered",
    });
  });
  test("a refusal of one authorisation ends it, too: the Provider API is there", async () => {
    await paused();
    await pauseIsOver();
    expect(
      await outbox().settle((await outbox().take({}))!, { type: "rejected", status: 404 }, 0),
    ).toMatchObject({ pause: "ended" });
  });
  test("one that tried and was not sent gives the place to the next at once", async () => {
    await paused();
    await pauseIsOver();
    await outbox().settle(
      (await outbox().take({}))!,
      { type: "postponed", failure: "stopped", nothingLearned: true },
      0,
    );
    expect(await outbox().take({})).toMatchObject({ probe: true });
  });
  test("the one who tries may die: another tries when its lease is over", async () => {
    await paused();
    await pauseIsOver();
    expect(await outbox().take({})).toMatchObject({ probe: true });
    expect(await outbox().take({})).toBeUndefined();
    await pauseIsOver();
    expect(await outbox().take({})).toMatchObject({ probe: true });
  });
  test("seven failures, a success and seven more are no reason to pause", async () => {
    await Promise.all(Array.from({ length: 15 }, pending));
    for (let count = 1; count <= 15; count += 1)
      await outbox().settle(
        (await outbox().take({}))!,
        count === 8 ? { type: "applied", status: 200 } : failing,
        60_000,
      );
    await pending();
    expect(await outbox().take({})).toMatchObject({ probe: false });
  });
});

describe("the report for operators", () => {
  const reportOf = async (id: string) =>
    (await run(sql`SELECT * FROM delivery_report WHERE authorisation_id = ${id}::uuid`))[0];
  test("has one row for each delivery, with its attempts and what the last one met", async () => {
    const id = await pending();
    expect(await reportOf(id)).toMatchObject({
      state: "pending",
      attempts: 0,
      unclear_attempts: 0,
      under_way: false,
      last_status: null,
      last_failure: null,
    });
    await outbox().settle(
      (await outbox().take({}))!,
      { type: "unclear", status: 502, failure: "server-error" },
      0,
    );
    await outbox().take({});
    expect(await reportOf(id)).toMatchObject({
      state: "pending",
      attempts: 2,
      unclear_attempts: 1,
      under_way: true,
    });
    await lapse(id);
    expect(await reportOf(id)).toMatchObject({ unclear_attempts: 2, under_way: false });
    await outbox().settle((await outbox().take({}))!, { type: "rejected", status: 409 }, 0);
    expect(await reportOf(id)).toMatchObject({
      state: "probably_applied",
      attempts: 3,
      unclear_attempts: 2,
      last_status: 409,
    });
  });
  test("leaves out what nobody is told", async () => {
    const { id, authorisationId } = await session();
    await outbox().finish({ sessionId: id, result: "cancelled", reason: null, body: null });
    expect(await reportOf(authorisationId)).toBeUndefined();
  });
});
