import { describe, expect, it } from "vitest";
import { maxWithinASecond } from "../../testing/figures.ts";
import { maxLateMs, rateShare } from "./rate-limit.ts";

/** What the database's answer and the network may add to the lateness that is judged. */
const onTheWayMs = 36;

describe("the rate", () => {
  it.each([1, 10, 100, 1000])("holds at %i a second if a stall lasts as long as it may", (rate) => {
    const stallMs = maxLateMs + onTheWayMs;
    const slots = Array.from({ length: rate * 3 }, (_, slot) => (slot * 1000) / (rate * rateShare));
    const calls = slots.map((slot) => Math.max(slot, stallMs));
    expect(maxWithinASecond(calls)).toBeLessThanOrEqual(rate);
  });
});
