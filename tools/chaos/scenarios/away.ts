import { setTimeout as pause } from "node:timers/promises";
import type { TestBed } from "../test-bed.ts";
import { noteRecoveries, recoveries } from "../recovery.ts";
import type { Scenario } from "../scenario.ts";

/** What is promised whenever PostgreSQL is away, whatever the reason. */
export const awayPromises: Required<Pick<Scenario, "promised" | "promises" | "testBed">> = {
  promised:
    "never a false 200; 503 + Retry-After in ≤ 3.5 s; no process exits; recovery within " +
    "2 s of its return (p99)",
  promises: {
    may503: true,
    mayCut: false,
    delivery: { share: 0.9, withinMs: 15_000 },
    atMost: { "recovery p99, ms": 2000 },
  },
  testBed: { settings: { PROVIDER_API_REQUESTS_PER_SECOND: "100" } },
};

/**
 * Takes PostgreSQL away round after round while people travel, and notes how long the replicas need
 * once `absence` has brought it back.
 * @param restMs how long it then stays
 */
export async function awayInRounds(
  testBed: TestBed,
  rounds: number,
  absence: (round: number) => Promise<void>,
  restMs: () => number,
): Promise<void> {
  const people = testBed.load({ persons: 50 });
  const times: number[] = [];
  await pause(7000);
  for (let round = 0; round < rounds; round++) {
    await absence(round);
    times.push(...(await recoveries(testBed)));
    await pause(restMs());
  }
  await people.stop();
  noteRecoveries(testBed, times);
}
