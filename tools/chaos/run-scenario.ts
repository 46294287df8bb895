import path from "node:path";
import { openArena, untimedMs } from "./test-bed.ts";
import { check, type Verdict } from "./check/check.ts";
import type { Cluster } from "./cluster.ts";
import { collect, waitForQuiet } from "./collect.ts";
import { sendGarbage } from "./garbage.ts";
import type { Scenario } from "./scenario.ts";

const quietMs = 90_000;

/** Makes one scenario's faults in an testBed of its own and judges what its history holds. */
export async function runScenario(
  scenario: Scenario,
  {
    cluster,
    logs,
    rounds,
    seed,
    timed,
  }: { cluster: Cluster; logs: string; rounds: number; seed: number; timed: boolean },
): Promise<Verdict> {
  const testBed = await openArena(
    { cluster, logs: path.join(logs, scenario.name), seed, timed },
    scenario.testBed ?? {},
  );
  const stopGarbage = sendGarbage(testBed);
  try {
    await scenario.run(testBed, rounds);
    await stopGarbage();
    await waitForQuiet(testBed, timed ? quietMs : untimedMs);
    await collect(testBed);
    return check(testBed.history.events, { ...scenario.promises, timed });
  } finally {
    await stopGarbage();
    await testBed.close();
  }
}
