import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import path from "node:path";
import { buildConnectorIfChanged } from "../support/build-connector.mjs";
import { PlainError, step, stopSignals } from "../../testing/progress.mjs";
import { root } from "../../testing/toolchain.mjs";
import { check, type Verdict } from "./check/check.ts";
import { Cluster } from "./cluster.ts";
import { report, type Row } from "./report.ts";
import { runScenario } from "./run-scenario.ts";
import { type Scenario, usualPromises } from "./scenario.ts";

export interface ChaosOptions {
  scenarios: readonly Scenario[];
  /** How often each fault is made; each scenario's own number, if none is given. */
  rounds: number | undefined;
  seed: number;
  /** Judges nothing by how long it took: for whatever machine, whatever else it does. */
  timed: boolean;
}

/**
 * Makes the faults of all scenarios one after the other, prints one table and writes the figures.
 * @returns exit status: 1 when a promise was broken
 */
export async function chaos({ scenarios, rounds, seed, timed }: ChaosOptions): Promise<number> {
  const started = performance.now();
  const data = path.resolve(root, process.env["DATA_DIR"] || ".data");
  const logs = path.join(data, "chaos");
  rmSync(logs, { recursive: true, force: true });
  mkdirSync(logs, { recursive: true });
  const folder = mkdtempSync(path.join(tmpdir(), "connector-chaos-"));
  const cluster = new Cluster(path.join(folder, "postgres"));
  const stopRequest = new Promise<never>((_, reject) => {
    for (const signal of stopSignals)
      process.once(signal, () => reject(new PlainError("Stopped.")));
  });
  const rows: Row[] = [];
  const all = async () => {
    await buildConnectorIfChanged();
    await step("Starting PostgreSQL", () => cluster.start());
    for (const scenario of scenarios) {
      const impossible = scenario.impossible?.();
      if (impossible) {
        rows.push({ scenario, impossible });
        continue;
      }
      const verdict = await step(`Scenario ${scenario.name}`, () =>
        runScenario(scenario, { cluster, logs, rounds: rounds ?? scenario.rounds, seed, timed }),
      ).catch(brokenOff);
      rows.push({ scenario, verdict });
    }
  };
  try {
    await Promise.race([all(), stopRequest]);
  } finally {
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  const minutes = (performance.now() - started) / 60_000;
  const machine = { node: process.version, cores: availableParallelism() };
  writeFileSync(
    path.join(data, "chaos.json"),
    JSON.stringify(
      {
        at: new Date().toISOString(),
        seed,
        minutes,
        machine,
        rows: rows.map(({ scenario: { name, fault, promised }, ...rest }) => ({
          name,
          fault,
          promised,
          ...rest,
        })),
      },
      undefined,
      2,
    ),
  );
  process.stdout.write(report(rows, { minutes, ...machine }));
  return rows.every(({ verdict }) => !verdict || verdict.violations.length === 0) ? 0 : 1;
}

/** A scenario that did not come to its end proves nothing; the others are made all the same. */
function brokenOff(error: unknown): Verdict {
  return check([], {
    ...usualPromises,
    atLeast: { [`came to an end (${error instanceof Error ? error.message : String(error)})`]: 1 },
  });
}
