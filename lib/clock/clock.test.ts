import { describe, expect, it } from "vitest";
import { startStopwatch, systemClock } from "./clock.ts";

const longMs = 600_000;
const aborted = (signal: AbortSignal) =>
  new Promise((resolve) => signal.addEventListener("abort", () => resolve(signal.reason)));

describe("within", () => {
  it("gives back what the work gives, and leaves no timer behind", async () => {
    const before = process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    expect(await systemClock.within(longMs, async () => "done")).toBe("done");
    await expect(
      systemClock.within(longMs, async () => Promise.reject(new Error("failed"))),
    ).rejects.toThrow("failed");
    expect(process.getActiveResourcesInfo().filter((name) => name === "Timeout")).toHaveLength(
      before,
    );
  });

  it("aborts when the time is over", async () => {
    expect(await systemClock.within(1, aborted)).toMatchObject({ name: "TimeoutError" });
  });

  it("aborts with the other signal, also with one that was aborted before", async () => {
    const other = new AbortController();
    const under = systemClock.within(longMs, aborted, other.signal);
    other.abort("gone");
    expect(await under).toBe("gone");
    expect(await systemClock.within(longMs, async (signal) => signal.reason, other.signal)).toBe(
      "gone",
    );
  });
});

describe("a watch", () => {
  const clockAt = (times: {
    monotonic: number;
    wall: number;
  }): Parameters<typeof startStopwatch>[0] => ({
    monotonicMs: () => times.monotonic,
    now: () => new Date(times.wall),
  });

  it("sees what passed while the machine was suspended and the monotonic clock stood still", () => {
    const times = { monotonic: 5000, wall: 1_000_000 };
    const elapsedMs = startStopwatch(clockAt(times));
    times.monotonic += 10;
    times.wall += 3_600_000;
    expect(elapsedMs()).toBe(3_600_000);
  });
  it("does not run backwards when the wall clock is set back", () => {
    const times = { monotonic: 5000, wall: 1_000_000 };
    const elapsedMs = startStopwatch(clockAt(times));
    times.monotonic += 250;
    times.wall -= 3_600_000;
    expect(elapsedMs()).toBe(250);
  });
});
