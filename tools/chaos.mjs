// `npm run chaos`: breaks what can break, under load, and judges from the record of everything sent
// and seen whether the promises were kept. See docs/reliability.md.
import { parseArgs } from "node:util";
import { PlainError, runMain, runShown } from "../testing/progress.mjs";
import { ensureToolchain } from "../testing/toolchain.mjs";

const usage =
  "npm run chaos -- [--only kill,freeze] [--rounds N] [--seed N]\nnpm run chaos -- " +
  "--short\nnpm run chaos -- --models 10000 [--seed N]";

await runMain(async () => {
  await ensureToolchain();
  const { scenarios } = await import("./chaos/scenarios.ts");
  const { chaos } = await import("./chaos/chaos.ts");
  const { models, ...options } = readOptions(scenarios);
  if (models === undefined) return chaos(options);
  // The sequences of e2e/integration/model.integration.ts, more of them than npm test makes.
  const env = { ...process.env, CHAOS_MODELS: String(models), CHAOS_SEED: String(options.seed) };
  return runShown(
    "vitest",
    ["run", "--project", "integration", "e2e/integration/model.integration.ts"],
    { env },
  );
});

/** @param {readonly import('./chaos/scenario.ts').Scenario[]} scenarios */
function readOptions(scenarios) {
  try {
    const { values } = parseArgs({
      options: {
        only: { type: "string" },
        rounds: { type: "string" },
        seed: { type: "string", default: "1" },
        models: { type: "string" },
        short: { type: "boolean", default: false },
      },
    });
    // Several faults at once, one round, and no judgement by times: for a machine that is busy.
    if (values.short)
      return {
        scenarios: scenarios.filter(({ name }) => name === "several"),
        rounds: 1,
        seed: whole("--seed", values.seed),
        timed: false,
      };
    const wanted = values.only?.split(",");
    const unknown =
      wanted?.filter((name) => !scenarios.some((scenario) => scenario.name === name)) ?? [];
    if (unknown.length > 0)
      throw new Error(`--only takes some of ${scenarios.map(({ name }) => name).join(", ")}`);
    const rounds = values.rounds === undefined ? undefined : whole("--rounds", values.rounds);
    const models = values.models === undefined ? undefined : whole("--models", values.models);
    return {
      models,
      scenarios: scenarios.filter(({ name }) => wanted?.includes(name) ?? true),
      rounds,
      seed: whole("--seed", values.seed),
      timed: true,
    };
  } catch (error) {
    throw new PlainError(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  }
}

/** @param {string} name @param {string} text */
function whole(name, text) {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new Error(`${name} takes a whole number`);
  return Number(text);
}
