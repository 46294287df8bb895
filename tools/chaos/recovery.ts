import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { TestBed } from "./test-bed.ts";

const giveUpMs = 30_000;

/**
 * How long it takes from now until each replica acknowledges a notification again; the times go
 * into the history's measurements by {@link noteRecoveries}.
 */
export async function recoveries({ balancer, replicas, world }: TestBed): Promise<number[]> {
  const from = performance.now();
  return Promise.all(
    replicas.map(async ({ number }) => {
      for (;;) {
        const { status } = await balancer.sendTo(number, world.notification(randomUUID()));
        const passed = performance.now() - from;
        if (status === 200 || passed > giveUpMs) return passed;
        await pause(50);
      }
    }),
  );
}

/** The p99 of what was measured; of fewer than a hundred recoveries that is the slowest. */
export function noteRecoveries({ history }: TestBed, times: readonly number[]): void {
  const sorted = times.toSorted((a, b) => a - b);
  history.note({
    what: "measured",
    name: "recovery p99, ms",
    value: Math.round(sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 0),
  });
}
