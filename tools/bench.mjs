// `npm run bench`: measures what the product has to reach, prints one table and fails when a bar is
// missed. See docs/performance.md.
import { parseArgs } from "node:util";
import { PlainError, runMain } from "../testing/progress.mjs";
import { ensureToolchain } from "../testing/toolchain.mjs";

const usage = `npm run bench -- [--journeys 10000] [--only weight,paint,notifications,events,entry,journeys,memory,adapters]
npm run bench -- --only replicas,scale,soak [--rows 10000000] [--minutes 15]     # these take long and are left out otherwise`;

await runMain(async () => {
  const options = readOptions();
  await ensureToolchain();
  const { bench } = await import("./bench/bench.mjs");
  return bench(options);
});

function readOptions() {
  const usual = /** @type {const} */ ([
    "weight",
    "paint",
    "notifications",
    "events",
    "entry",
    "journeys",
    "memory",
    "adapters",
  ]);
  const names = /** @type {const} */ ([...usual, "replicas", "scale", "soak"]);
  try {
    const text = (/** @type {string} */ value) => ({
      type: /** @type {const} */ ("string"),
      default: value,
    });
    const { values } = parseArgs({
      options: {
        journeys: text("10000"),
        only: text(usual.join(",")),
        rows: text("10000000"),
        minutes: text("15"),
      },
    });
    const [journeys, rows, minutes] = [values.journeys, values.rows, values.minutes].map(Number);
    const wanted = values.only.split(",");
    if (!journeys || !Number.isInteger(journeys) || journeys < 100 || journeys > 20_000)
      throw new Error("--journeys takes a number from 100 to 20000");
    if (!rows || !Number.isInteger(rows) || rows < 100_000)
      throw new Error("--rows takes a number from 100000");
    if (!minutes || minutes < 1 || minutes > 1440)
      throw new Error("--minutes takes a number from 1 to 1440");
    if (wanted.some((name) => !names.includes(/** @type {any} */ (name))))
      throw new Error(`--only takes some of ${names.join(", ")}`);
    return {
      journeys,
      rows,
      minutes,
      parts: new Set(names.filter((name) => wanted.includes(name))),
    };
  } catch (error) {
    throw new PlainError(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  }
}
