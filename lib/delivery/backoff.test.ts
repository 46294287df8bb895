import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { attemptMs, retryDelayMs } from "./backoff.ts";
import { leaseSeconds } from "./delivery-store.ts";
import { maxLateMs } from "./rate-limit.ts";

const almostOne = 1 - Number.EPSILON;

describe("the wait before the next attempt", () => {
  it.each([
    { attempt: 1, random: 0, wait: 0 },
    { attempt: 1, random: 0.5, wait: 125 },
    { attempt: 1, random: almostOne, wait: 250 },
    { attempt: 2, random: almostOne, wait: 500 },
    { attempt: 3, random: almostOne, wait: 1000 },
    { attempt: 4, random: 0.25, wait: 500 },
    { attempt: 8, random: almostOne, wait: 2000 },
    { attempt: 9, random: almostOne, wait: 5000 },
    { attempt: 1e6, random: almostOne, wait: 5000 },
    { attempt: 1, random: 0, retryAfterMs: 5000, wait: 5000 },
    { attempt: 1, random: almostOne, retryAfterMs: 5000, wait: 5250 },
    { attempt: 20, random: almostOne, retryAfterMs: 60_000, wait: 65_000 },
  ])(
    "is $wait ms after attempt $attempt with random $random and Retry-After $retryAfterMs",
    ({ attempt, random, retryAfterMs, wait }) => {
      expect(retryDelayMs(attempt, { retryAfterMs, random: () => random })).toBe(wait);
    },
  );

  it("never undercuts Retry-After, never exceeds it by more than the cap, and is a whole number", () => {
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10_000 }),
        fc.option(fc.nat(3_600_000), { nil: undefined }),
        random,
        (attempt, retryAfterMs, drawn) => {
          const wait = retryDelayMs(attempt, { retryAfterMs, random: () => drawn });
          const floor = retryAfterMs ?? 0;
          return (
            Number.isInteger(wait) &&
            wait >= floor &&
            wait <= floor + Math.min(5000, 250 * 2 ** (attempt - 1))
          );
        },
      ),
    );
  });
});

describe("the time of an attempt", () => {
  it("grows, so that a slow service is heard out in the end, and ends well before the lease does", () => {
    const times = Array.from({ length: 30 }, (_, index) => attemptMs(index + 1));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times[0]).toBeLessThanOrEqual(2500);
    expect(Math.max(...times) + maxLateMs).toBeLessThan(leaseSeconds * 1000);
  });
});
