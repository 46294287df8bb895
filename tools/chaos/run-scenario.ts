import path from "node:path";
import { openTestBed, untimedMs } from "./test-bed.ts";
import { check, type Verdict } from "./check/check.ts";
import type { Cluster } from "./cluster.ts";
import { collect, waitForQuiet } from "./collect.ts";
import { sendGarbage } from "./garbage.ts";
import { makeFaults, type Scenario, usualPromises } from "./scenario.ts";

const quietMs = 90_000;

/** Makes one scenario's faults in a test bed of its own and judges what its history holds. */
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
  const testBed = await openTestBed(
    { cluster, logs: path.join(logs, scenario.name), seed, timed },
    scenario.testBed ?? {},
  );
  const stopGarbage = sendGarbage(testBed);
  try {
    await makeFaults(scenario, testBed, rounds);
    await stopGarbage();
    await waitForQuiet(testBed, timed ? quietMs : untimedMs);
    await collect(testBed);
    return check(testBed.history.events, { ...usualPromises, ...scenario.promises, timed });
  } finally {
    await stopGarbage();
    await testBed.close();
  }
}
