// `npm run mutation`: changes the security core in every way Stryker knows, and its SQL in the ways
// of tools/mutation/statements.mjs, and counts what the tests notice. 85 % of each is the bar;
// below it the status is 1. `-- -m lib/journey/form-token.ts,lib/crypto/seal.ts` (or any option of
// Stryker's) for a part; `-- --sql [lib/authorisations/attempt-limit.ts]` for the SQL alone.
import { existsSync } from "node:fs";
import path from "node:path";
import { runMain, runQuietly, runShown, step } from "../testing/progress.mjs";
import { ensureToolchain, root } from "../testing/toolchain.mjs";

const bar = 85;

await runMain(async () => {
  await ensureToolchain();
  const [first, ...rest] = process.argv.slice(2);
  if (first === "--sql") return mutateSql(rest);
  const status = await mutateCode(process.argv.slice(2));
  return first === undefined ? (await mutateSql([])) || status : status;
});

/** @param {string[]} options */
async function mutateCode(options) {
  const home = path.join(root, "tools/mutation");
  const stryker = path.join(home, "node_modules/@stryker-mutator/core/bin/stryker.js");
  if (!existsSync(stryker))
    await step("Installing Stryker", () =>
      runQuietly("npm", ["ci", "--ignore-scripts", "--legacy-peer-deps", "--prefix", home]),
    );
  return runShown(process.execPath, [
    stryker,
    "run",
    path.join(home, "stryker.config.mjs"),
    ...options,
  ]);
}

/** @param {string[]} files */
async function mutateSql(files) {
  // Imported late: the modules need packages, and the pinned Node.
  const { mutateStatements } = await import("./mutation/mutate-statements.mjs");
  const { killed, all } = await mutateStatements(files);
  const score = (100 * killed) / all;
  process.stdout.write(`\nSQL: ${killed} of ${all} changes noticed, ${score.toFixed(1)} %\n`);
  return score < bar ? 1 : 0;
}
