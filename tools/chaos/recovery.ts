import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { quantile } from "../../testing/figures.ts";
import type { TestBed } from "./test-bed.ts";

const giveUpMs = 30_000;

/**
 * How long it takes from now until each replica acknowledges a notification again, in
 * milliseconds.
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

/** The p99 of what was measured: of fewer than a hundred recoveries it is the slowest. */
export const slowest = (times: readonly number[]): number => Math.round(quantile(times, 0.99));
