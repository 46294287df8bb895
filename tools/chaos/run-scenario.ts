import path from "node:path";
import { openArena, untimedMs } from "./test-bed.ts";
import { check, type Verdict } from "./check/check.ts";
import type { Cluster } from "./cluster.ts";
import { collect, waitForQuiet } from "./collect.ts";
import { sendGarbage } from "./garbage.ts";
import type { Scenario } from "./scenario.ts";

const quietMs = 90_000;

/** Makes one scenario's faults in an arena of its own and judges what its history holds. */
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
  const arena = await openArena(
    { cluster, logs: path.join(logs, scenario.name), seed, timed },
    scenario.arena ?? {},
  );
  const stopGarbage = sendGarbage(arena);
  try {
    await scenario.run(arena, rounds);
    await stopGarbage();
    await waitForQuiet(arena, timed ? quietMs : untimedMs);
    await collect(arena);
    return check(arena.history.events, { ...scenario.promises, timed });
  } finally {
    await stopGarbage();
    await arena.close();
  }
}
