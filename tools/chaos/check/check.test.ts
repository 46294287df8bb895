import { describe, expect, test } from "vitest";
import type { Answered, HistoryEvent, Patched, Saw, Stored } from "../history.ts";
import { check } from "./check.ts";
import { maxWithinASecond, share } from "../../../testing/figures.ts";
import type { Promises } from "./promises.ts";

// Histories made by hand: one in which everything is right, and for every promise one in which just
// that is broken. A checker that cannot fail proves nothing.
const promises: Promises = {
  may503: true,
  mayCut: true,
  delivery: { share: 0.99, withinMs: 15_000 },
};
const id = "a";
const ended = 1_000_000;

const notified = (more: Partial<Answered> = {}) =>
  ({
    at: ended - 5000,
    what: "answer",
    call: "notification",
    id,
    replica: 1,
    status: 200,
    ms: 5,
    right: [200],
    ...more,
  }) as const;
const patch = (more: Partial<Patched> = {}, at = ended + 300) =>
  ({ at, what: "patch", id, applied: true, status: 200, ...more }) as const;
const asked = (step: number, replica = 1) =>
  ({ at: ended - 100, what: "bank", id, step, replica }) as const;
const saw = (more: Partial<Saw> = {}) =>
  ({
    at: ended + 400,
    what: "saw",
    id,
    user: "user_sms",
    ending: "authorised",
    truthful: ["authorised", "authorised.unconfirmed"],
    exact: true,
    ...more,
  }) as const;
const stored = (more: Partial<Stored> = {}) =>
  ({
    at: ended + 9000,
    what: "stored",
    id,
    claimed: true,
    state: "finished",
    result: "authorised",
    finishedAt: ended,
    delivery: "delivered",
    attempts: [{ number: 1, startedAt: ended, result: "applied", status: 200 }],
    ...more,
  }) as const;

const good: HistoryEvent[] = [notified(), asked(1), asked(2), patch(), saw(), stored()];
/** The good history with every event of one sort replaced. */
const but = (...events: HistoryEvent[]) => [
  ...good.filter(({ what }) => !events.some((event) => event.what === what)),
  ...events,
];
const broken = (events: HistoryEvent[], more: Partial<Promises> = {}) =>
  check(events, { ...promises, ...more }).violations.map(
    ({ rule, detail }) => `${rule}: ${detail}`,
  );

describe("a history in which everything was kept", () => {
  test("breaks nothing, and is counted", () => {
    const { violations, figures } = check(
      [...good, { at: 0, what: "fault", fault: "kill", count: 2 }],
      promises,
    );
    expect(violations).toEqual([]);
    expect(figures).toMatchObject({
      injected: 2,
      journeys: 1,
      successes: 1,
      deliveryP99Ms: 300,
      lost: 0,
    });
  });
  test.each<[string, HistoryEvent[]]>([
    [
      "an unclear attempt that was applied, and a repeat",
      but(
        patch({ status: null }),
        patch({}, ended + 900),
        stored({
          attempts: [
            { number: 1, startedAt: ended, result: "unclear", status: null },
            { number: 2, startedAt: ended + 500, result: "applied", status: 200 },
          ],
        }),
      ),
    ],
    [
      "a process that died between sending and recording",
      but(
        patch({ status: null }),
        patch({ applied: false, status: 409 }, ended + 9000),
        stored({
          delivery: "probably_applied",
          attempts: [
            { number: 1, startedAt: ended, result: null, status: null },
            { number: 2, startedAt: ended + 500, result: "rejected", status: 409 },
          ],
        }),
      ),
    ],
    [
      "a revoked token, and a second attempt with a new one",
      but(
        patch({ applied: false, status: 401 }),
        patch({}, ended + 350),
        stored({
          attempts: [
            { number: 1, startedAt: ended, result: "postponed", status: 401 },
            { number: 2, startedAt: ended + 320, result: "applied", status: 200 },
          ],
        }),
      ),
    ],
    [
      "an attempt that was recorded and never sent",
      but(
        stored({
          attempts: [
            { number: 1, startedAt: ended, result: null, status: null },
            { number: 2, startedAt: ended + 500, result: "applied", status: 200 },
          ],
        }),
      ),
    ],
    ["a person who left before Sage was told", but(saw({ ending: "authorised.unconfirmed" }))],
    [
      "a 503 in time, and a connection cut by a fault",
      [
        ...good,
        notified({ status: 503, retryAfter: "2", ms: 3000 }),
        notified({ status: null, failure: "ECONNRESET" }),
      ],
    ],
    ["a notification that was never acknowledged", [notified({ status: 503, retryAfter: "1" })]],
  ])("allows %s", (_, events) => expect(broken(events)).toEqual([]));
});

describe("a history judged without its times", () => {
  test("may be slow, and nothing else", () => {
    const slow = but(
      patch({}, ended + 20_000),
      notified(),
      notified({ status: 503, retryAfter: "2", ms: 9000 }),
    );
    expect(broken(slow)).toHaveLength(2);
    expect(broken(slow, { timed: false })).toEqual([]);
    expect(broken([...slow, notified({ status: 500 })], { timed: false })).toHaveLength(1);
  });
});

describe("lost", () => {
  test.each<[string, HistoryEvent[]]>([
    ["an acknowledged notification that is not stored", [notified()]],
    [
      "a success that Sage was never told of",
      but(
        patch({ applied: false, status: 500 }),
        saw({ ending: "authorised.unconfirmed" }),
        stored({ delivery: "pending" }),
      ),
    ],
    [
      "a success that was given up",
      but(
        patch({ applied: false, status: 500 }),
        saw({ ending: "authorised.unconfirmed" }),
        stored({ delivery: "undeliverable" }),
      ),
    ],
    ["an end without an outcome", but(stored({ delivery: null }))],
    [
      "a claim without a session",
      but(stored({ state: null, result: null, finishedAt: null, delivery: null, attempts: [] })),
    ],
    ["a journey without an end", but(saw({ ending: "gave up: screen 503" }))],
  ])("%s", (_, events) =>
    expect(broken(events).some((said) => said.startsWith("lost"))).toBe(true),
  );
});

describe("wrong", () => {
  test.each<[string, HistoryEvent[]]>([
    ["a success told to Sage that was none", but(stored({ result: "refused" }))],
    ["delivered, without an effect at Sage", but(patch({ applied: false, status: 500 }))],
    ["undeliverable, though Sage has it", but(stored({ delivery: "undeliverable" }))],
    ["probably applied, without an unclear attempt", but(stored({ delivery: "probably_applied" }))],
    ["an ending that is not this person’s", but(saw({ ending: "failed.unexpected" }))],
    [
      "a success shown for a session that ended otherwise",
      but(
        saw({ ending: "authorised" }),
        stored({ result: "cancelled", delivery: "not_required" }),
        patch({ applied: false, status: 500 }),
      ),
    ],
    ["a failure shown for a success", but(saw({ ending: "cancelled", truthful: ["cancelled"] }))],
    [
      "a person told that Sage knows, when it does not",
      but(patch({ applied: false, status: 500 }), stored({ delivery: "pending" })),
    ],
    ["a way back to another address", but(saw({ exact: false }))],
  ])("%s", (_, events) =>
    expect(broken(events).some((said) => said.startsWith("wrong"))).toBe(true),
  );
});

describe("doubled", () => {
  test.each<[string, HistoryEvent[]]>([
    ["a bank asked twice about one answer", [...good, asked(2, 3)]],
    ["a PATCH without an attempt on record", [...good, patch({ applied: false, status: 500 })]],
    [
      "two effects and no unclear attempt",
      but(
        patch(),
        patch({}, ended + 900),
        stored({
          attempts: [
            { number: 1, startedAt: ended, result: "postponed", status: 429 },
            { number: 2, startedAt: ended + 500, result: "applied", status: 200 },
          ],
        }),
      ),
    ],
    [
      "an attempt missing from the record",
      but(
        stored({
          attempts: [{ number: 2, startedAt: ended + 500, result: "applied", status: 200 }],
        }),
      ),
    ],
  ])("%s", (_, events) =>
    expect(broken(events).some((said) => said.startsWith("doubled"))).toBe(true),
  );
});

describe("stale", () => {
  const leaseMs = 10_000;
  const taken = stored({
    attempts: [
      { number: 1, startedAt: ended, result: null, status: null },
      { number: 2, startedAt: ended + 11_000, result: "applied", status: 200 },
    ],
  });
  test("is a PATCH that came when no attempt was under its lease", () => {
    expect(
      broken(but(taken, patch({}, ended + 11_100), patch({}, ended + 13_000)), {
        leaseMs,
        delivery: { share: 1, withinMs: 60_000 },
      }),
    ).toEqual(["stale: a PATCH came after the lease of its attempt"]);
  });
  test("is none that came in time", () => {
    expect(
      broken(but(taken, patch({}, ended + 9000), patch({}, ended + 11_100)), { leaseMs }),
    ).toEqual([]);
  });
});

describe("late", () => {
  test("is a success that reached Sage after its time", () => {
    expect(broken(but(patch({}, ended + 15_001)))).toEqual([
      "late: 0.00 % delivered within 15 s, not 99.00 %",
    ]);
  });
});

describe("answers", () => {
  test.each<[string, Partial<Answered>, Partial<Promises>]>([
    ["a 500", { status: 500 }, {}],
    ["a 404 where a 200 is right", { status: 404 }, {}],
    ["a 503 where none is promised", { status: 503, retryAfter: "1" }, { may503: false }],
    ["a 503 without Retry-After", { status: 503 }, {}],
    ["a 503 that took too long", { status: 503, retryAfter: "1", ms: 3501 }, {}],
    ["a cut connection where nothing is cut", { status: null }, { mayCut: false }],
    ["garbage taken for good", { call: "garbage", status: 200, right: [400] }, {}],
  ])("%s", (_, answer, more) =>
    expect(
      broken([...good, notified(answer)], more).some((said) => said.startsWith("answer")),
    ).toBe(true),
  );
});

describe("the rate", () => {
  test("is counted in every window of a second, not by the clock’s seconds", () => {
    expect(maxWithinASecond([0, 600, 999, 1599, 1600])).toBe(3);
    expect(maxWithinASecond([0, 1000, 2000])).toBe(1);
  });
  test.each([
    [11, []],
    [12, ["rate: 12 PATCHes within a second, not 10 and a late one"]],
  ])("may be exceeded by the one call of a process that thawed: %i", (count, said) => {
    const patches = Array.from({ length: count }, (_, index) =>
      patch({ applied: false, status: 429 }, ended + 500 + index * 90),
    );
    const attempts = Array.from({ length: count }, (_, index) => ({
      number: index + 1,
      startedAt: ended + index * 90,
      result: "postponed",
      status: 429,
    }));
    expect(
      broken(
        but(
          ...patches,
          stored({ result: "refused", delivery: "pending", attempts }),
          saw({ ending: "refused.locked", truthful: ["refused.locked"] }),
        ),
        { ratePerSecond: 10 },
      ),
    ).toEqual(said);
  });
});

describe("a process", () => {
  test.each(["exit", "bug"] as const)("that has an unexpected %s breaks a promise", (what) => {
    expect(broken([...good, { at: 0, what, replica: 2, detail: "x" }])).toHaveLength(1);
  });
});

describe("a measurement", () => {
  const measured = (value: number): HistoryEvent => ({
    at: 0,
    what: "measured",
    name: "recoveryMs",
    value,
  });
  test("is held against its limits, and must be there", () => {
    expect(
      broken([...good, measured(2000)], {
        atMost: { recoveryMs: 2000 },
        atLeast: { recoveryMs: 1 },
      }),
    ).toEqual([]);
    expect(broken([...good, measured(2001)], { atMost: { recoveryMs: 2000 } })).toHaveLength(1);
    expect(broken([...good, measured(0)], { atLeast: { recoveryMs: 1 } })).toHaveLength(1);
    expect(broken(good, { atMost: { recoveryMs: 2000 } })).toHaveLength(1);
  });
  test("of a share counts nothing as all", () =>
    expect([share([], 1), share([1, 2], 1)]).toEqual([1, 0.5]));
});
