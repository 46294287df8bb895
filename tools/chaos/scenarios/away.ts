import { setTimeout as pause } from "node:timers/promises";
import type { Arena } from "../test-bed.ts";
import { noteRecoveries, recoveries } from "../recovery.ts";
import type { Scenario } from "../scenario.ts";

/** What is promised whenever PostgreSQL is away, whatever the reason. */
export const awayPromises: Required<Pick<Scenario, "promised" | "promises" | "arena">> = {
  promised:
    "never a false 200; 503 + Retry-After in ≤ 3.5 s; no process exits; recovery within " +
    "2 s of its return (p99)",
  promises: {
    may503: true,
    mayCut: false,
    delivery: { share: 0.9, withinMs: 15_000 },
    atMost: { "recovery p99, ms": 2000 },
  },
  arena: { settings: { PROVIDER_API_REQUESTS_PER_SECOND: "100" } },
};

/**
 * Takes PostgreSQL away round after round while people travel, and notes how long the replicas need
 * once `absence` has brought it back.
 * @param restMs how long it then stays
 */
export async function awayInRounds(
  arena: Arena,
  rounds: number,
  absence: (round: number) => Promise<void>,
  restMs: () => number,
): Promise<void> {
  const people = arena.crowd({ persons: 50 });
  const times: number[] = [];
  await pause(7000);
  for (let round = 0; round < rounds; round++) {
    await absence(round);
    times.push(...(await recoveries(arena)));
    await pause(restMs());
  }
  await people.stop();
  noteRecoveries(arena, times);
}
