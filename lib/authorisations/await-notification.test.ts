import { describe, expect, test } from "vitest";
import { systemClock } from "../clock/clock.ts";
import type { AuthorisationStore } from "./authorisation-store.ts";
import { createAwaitNotification } from "./await-notification.ts";

/** A store in which ids turn up after so many queries; only what this unit asks of it. */
function arriving(after: Record<string, number>) {
  const queries: (readonly string[])[] = [];
  const announced = (ids: readonly string[]) => {
    queries.push(ids);
    return Promise.resolve(new Set(ids.filter((id) => queries.length >= (after[id] ?? Infinity))));
  };
  return {
    queries,
    authorisations: { announced } as Pick<AuthorisationStore, "announced"> as AuthorisationStore,
  };
}

// Two seconds pass in no time: sleeping moves the clock.
function fastClock() {
  let now = 0;
  return {
    ...systemClock,
    monotonicMs: () => now,
    sleep: (ms: number) => Promise.resolve().then(() => void (now += ms)),
  };
}

describe("waiting for a notification", () => {
  test("ends when it comes", async () => {
    const { authorisations, queries } = arriving({ a: 3 });
    expect(await createAwaitNotification({ authorisations, clock: fastClock() })("a")).toBe(true);
    expect(queries).toHaveLength(3);
  });
  test("ends after two seconds when it does not", async () => {
    const { authorisations, queries } = arriving({});
    expect(await createAwaitNotification({ authorisations, clock: fastClock() })("a")).toBe(false);
    expect(queries.length).toBeLessThanOrEqual(20);
  });
  test("costs one look for all who wait, however many", async () => {
    const { authorisations, queries } = arriving({ a: 2 });
    const wait = createAwaitNotification({ authorisations, clock: fastClock() });
    const waits = await Promise.all(
      Array.from({ length: 500 }, (_, index) => wait(index % 2 ? "a" : `unknown-${index}`)),
    );
    expect(waits.filter(Boolean)).toHaveLength(250);
    expect(queries.length).toBeLessThanOrEqual(20);
    expect(queries[0]).toHaveLength(251);
  });
  test("is not granted to more than a thousand at once", async () => {
    const { authorisations } = arriving({ late: 1 });
    const wait = createAwaitNotification({ authorisations, clock: fastClock() });
    const waits = Array.from({ length: 1001 }, () => wait("late"));
    expect(await waits[1000]).toBe(false);
    expect(await waits[0]).toBe(true);
  });
  test("fails for all when the database is away, and works again afterwards", async () => {
    const { authorisations } = arriving({ a: 1 });
    let away = true;
    const wait = createAwaitNotification({
      authorisations: {
        ...authorisations,
        announced: (ids) =>
          away ? Promise.reject(new Error("away")) : authorisations.announced(ids),
      },
      clock: fastClock(),
    });
    await expect(Promise.all([wait("a"), wait("b")])).rejects.toThrow("away");
    away = false;
    expect(await wait("a")).toBe(true);
  });
});
