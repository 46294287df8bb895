import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createDatabaseTime } from "./database-time.ts";

describe("the time at the database", () => {
  test("is at the latest when its first answer came", () => {
    expect(createDatabaseTime()({ askedAt: 100, answeredAt: 140, at: 5000 })).toBe(140);
  });
  test("is known from the quickest answer also when a later one is slow", () => {
    const here = createDatabaseTime();
    here({ askedAt: 100, answeredAt: 102, at: 5001 });
    expect(here({ askedAt: 200, answeredAt: 500, at: 5109 })).toBe(210);
  });
  test("starts anew when a clock was set", () => {
    const here = createDatabaseTime();
    here({ askedAt: 100, answeredAt: 102, at: 5001 });
    expect(here({ askedAt: 200, answeredAt: 240, at: 900_000 })).toBe(240);
    expect(here({ askedAt: 300, answeredAt: 340, at: 10 })).toBe(340);
  });
  test("is never taken to be earlier than it was, nor later than its answer", () => {
    const delay = fc.nat(500);
    fc.assert(
      fc.property(
        fc.integer({ min: -1_000_000, max: 1_000_000 }),
        fc.array(fc.tuple(fc.nat(2000), delay, delay), { minLength: 1, maxLength: 50 }),
        (offset, questions) => {
          const here = createDatabaseTime();
          let now = 0;
          for (const [pause, there, back] of questions) {
            const askedAt = now + pause;
            const reached = askedAt + there;
            now = reached + back;
            const found = here({ askedAt, answeredAt: now, at: reached + offset });
            // Less a hair, for the sums of floating point.
            if (found < reached - 1e-6 || found > now) return false;
          }
          return true;
        },
      ),
    );
  });
});
