import { describe, expect, it } from "vitest";
import { systemClock } from "../clock/clock.ts";
import type { Log } from "../log/log.ts";
import { createMaintenance } from "./maintenance.ts";

/** Maintenance of so many rows that are past their time. */
function maintenanceWith({
  givenUp = [],
  dropped = [],
  overdue = 0,
  old = 0,
  afterBatch = () => undefined,
  flush = async () => undefined,
}: {
  givenUp?: string[];
  dropped?: string[];
  overdue?: number;
  old?: number;
  afterBatch?: () => void;
  flush?: () => Promise<void>;
}) {
  const logged: unknown[] = [];
  const note = (level: string) => (event: string, fields: unknown) =>
    void logged.push([level, event, fields]);
  const log: Log = {
    debug: note("debug"),
    info: note("info"),
    warn: note("warn"),
    error: note("error"),
  };
  const batches: number[] = [];
  const left = { overdue, old };
  const take = (kind: keyof typeof left) => async (limit: number) => {
    const count = Math.min(limit, left[kind]);
    left[kind] -= count;
    batches.push(count);
    afterBatch();
    return count;
  };
  const maintenance = createMaintenance({
    outbox: {
      giveUpOverdue: async (limit: number) => givenUp.splice(0, limit),
      finishOverdue: (_: unknown, limit: number) => take("overdue")(limit),
    } as unknown as Parameters<typeof createMaintenance>[0]["outbox"],
    events: { dropOverdue: async (limit: number) => dropped.splice(0, limit) },
    undos: { dropOverdue: async () => [], endNotNeeded: async () => 0 },
    retention: { purge: take("old") },
    audit: { flush },
    expiredBody: null,
    clock: { ...systemClock, sleep: async () => undefined },
    log,
  });
  return { maintenance, logged, batches, left };
}
const running = new AbortController().signal;

describe("the maintenance", () => {
  it("gives up visibly: each outcome whose time is over is an error with its reference", async () => {
    const { maintenance, logged } = maintenanceWith({ givenUp: ["one", "other"] });
    await maintenance(running);
    expect(logged).toEqual(
      ["one", "other"].map((authorisationId) => [
        "error",
        "outcome undeliverable",
        { authorisationId, reason: "time-over" },
      ]),
    );
  });
  it("drops visibly: each event whose time is over is an error with its id", async () => {
    const { maintenance, logged } = maintenanceWith({ dropped: ["one"] });
    await maintenance(running);
    expect(logged).toEqual([["error", "event dropped", { eventId: "one", reason: "time-over" }]]);
  });
  it("does all of it also when the audit trail cannot be written", async () => {
    const { maintenance, logged, left } = maintenanceWith({
      givenUp: ["one"],
      old: 10,
      flush: () => Promise.reject(new Error("no trail")),
    });
    await expect(maintenance(running)).rejects.toThrow("no trail");
    expect(logged).toHaveLength(2);
    expect(left.old).toBe(0);
  });
  it("gives up any number of them, a hundred at a time", async () => {
    const { maintenance, logged } = maintenanceWith({
      givenUp: Array.from({ length: 350 }, (_, index) => String(index)),
    });
    await maintenance(running);
    expect(logged).toHaveLength(350);
  });
  it("says nothing where there is nothing to do", async () => {
    const { maintenance, logged, batches } = maintenanceWith({});
    await maintenance(running);
    expect(logged).toEqual([]);
    expect(batches).toEqual([0, 0]);
  });
  it("works in small batches until nothing is left, and says how many there were", async () => {
    const { maintenance, logged, batches, left } = maintenanceWith({ overdue: 250, old: 450 });
    await maintenance(running);
    expect(batches).toEqual([100, 100, 50, 200, 200, 50]);
    expect(left).toEqual({ overdue: 0, old: 0 });
    expect(logged).toEqual([
      ["info", "sessions expired unseen", { count: 250 }],
      ["info", "purged", { count: 450 }],
    ]);
  });
  it("leaves the rest of a large backlog to the next round", async () => {
    const { maintenance, batches, left } = maintenanceWith({ old: 100_000 });
    await maintenance(running);
    expect(Math.max(...batches)).toBe(200);
    expect(left.old).toBe(90_000);
  });
  it("stops after the batch it is at when the process is told to stop", async () => {
    const stopping = new AbortController();
    const { maintenance, batches } = maintenanceWith({
      old: 100_000,
      overdue: 100_000,
      afterBatch: () => stopping.abort(),
    });
    await maintenance(stopping.signal);
    expect(batches).toEqual([100]);
  });
});
