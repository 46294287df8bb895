import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { timeWarnings, warningMinutes } from "./time-warning.ts";

describe("the warning before the time is over", () => {
  test.each([
    [1140, undefined, [5, 1]],
    [301, undefined, [5, 1]],
    [300, 5, [1]],
    [299, 5, [1]],
    [61, 5, [1]],
    [60, 1, []],
    [59, 1, []],
    [0, 1, []],
  ])(
    "with %d seconds left says less than %s minutes, and later %j",
    (secondsLeft, lessThan, later) => {
      expect(timeWarnings(secondsLeft)).toEqual({ lessThan, later });
    },
  );
  test("is never a lie, and tells each phase once", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1200 }), (secondsLeft) => {
        const { lessThan, later } = timeWarnings(secondsLeft);
        if (lessThan !== undefined) expect(secondsLeft).toBeLessThanOrEqual(lessThan * 60);
        for (const minutes of later) expect(secondsLeft).toBeGreaterThan(minutes * 60);
        const past = warningMinutes.filter((minutes) => secondsLeft <= minutes * 60);
        expect([...past, ...later]).toEqual([...warningMinutes]);
      }),
    );
  });
});
