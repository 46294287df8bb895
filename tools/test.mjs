// `npm test`: everything that has to hold, on real PostgreSQL and in a real browser, from nothing
// but a clone.
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import {
  PlainError,
  runMain,
  runQuietly,
  runShown,
  seconds,
  step,
  stopSignals,
} from "../testing/progress.mjs";
import { countsOf, summarise } from "./support/test-report.mjs";
import { ensureToolchain, root } from "../testing/toolchain.mjs";

const results = path.join(root, "test-results");
/**
 * @type {{ name: string, succeeded: boolean, counts?: import('./support/test-report.mjs').Counts |
 *   undefined }[]}
 */
const done = [];
let stopRequested = false;

/** What takes longer than a change may wait for, by the command that has it. */
const longer = [
  "npm run gallery (every screen in every language, size and look; every user by keyboard)",
  "npm run chaos (every fault; here several at once)",
  "npm run pooler (all journeys; here some, where PgBouncer is installed)",
  "npm run security (at full length)",
  "npm run conformance (an adapter or a bank of yours)",
  "npm run openid-provider (glewlwyd)",
  "npm run mutation",
  "npm run supply-chain",
  "npm run bench",
];

await runMain(async () => {
  for (const signal of stopSignals) process.on(signal, () => (stopRequested = true));
  await ensureToolchain();
  const { ensureBrowser } = await import("../testing/browser.mjs");
  const { buildConnectorIfChanged } = await import("./support/build-connector.mjs");
  const { hasPackagedPostgres } = await import("../testing/postgres-files.mjs");
  const { pgbouncer } = await import("../testing/pgbouncer.mjs");
  const { startThrowAway } = await import("../testing/test-postgres.mjs");
  await ensureBrowser();
  rmSync(results, { recursive: true, force: true });
  mkdirSync(results);

  // One core for the rules, one for all the rest, which takes as long; only what they find is shown.
  /** @param {string} command @param {string[]} args */
  const quietly = (command, ...args) => runQuietly(command, args).then(() => 0);
  const rest = async () => {
    await check("types", () => quietly("tsc", "--noEmit"));
    await check("format", () => quietly("prettier", "--check", "--log-level", "warn", "."));
    await check("unused code", () => quietly("knip", "--no-progress", "--no-config-hints"));
  };
  await Promise.all([check("lint", () => quietly("eslint", "--max-warnings", "0", ".")), rest()]);
  await check("unit tests", () => runShown("vitest", vitestArguments("unit")), "unit.json");
  // One server for both suites that need one.
  const postgres = process.env["DATABASE_URL"]
    ? undefined
    : await step("Starting PostgreSQL", startThrowAway);
  const env = { ...process.env, DATABASE_URL: process.env["DATABASE_URL"] || postgres?.url };
  try {
    await check(
      "integration tests",
      () => runShown("vitest", vitestArguments("integration"), { env }),
      "integration.json",
    );
    // PostgreSQL alone is in the packages; what it looks like through a pooler is in
    // lib/db/db.integration.ts everywhere.
    if (pgbouncer() && hasPackagedPostgres())
      await check("journeys through PgBouncer, some", () =>
        runShown(process.execPath, [
          path.join(root, "tools/pooler.mjs"),
          "e2e/integration/journey.integration.ts",
          "lib/banks/connect-code",
          "lib/notifications",
        ]),
      );
    const built = await check("build", () => buildConnectorIfChanged().then(() => 0));
    if (built)
      await check("end-to-end tests", () => runShown("playwright", ["test"], { env }), "e2e.json");
    // It crashes PostgreSQL, so it has one of its own; where the packages hold none, there is none
    // to crash.
    if (built && hasPackagedPostgres())
      await check("chaos, a short one", () =>
        runShown(process.execPath, [path.join(root, "tools/chaos.mjs"), "--short"]),
      );
  } finally {
    await postgres?.stop();
  }

  if (stopRequested) throw new PlainError("Stopped.");
  const { passed, failed } = summarise(done);
  const failures = done.filter(({ succeeded, counts }) => !succeeded || counts?.skipped);
  for (const { name, counts } of failures)
    process.stdout.write(
      `\nFailed: ${name}${counts?.skipped ? ` (${counts.skipped} skipped; no test may be)` : ""}`,
    );
  process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
  process.stdout.write(`Left for longer commands: ${longer.join("; ")}.\n`);
  return failed === 0 ? 0 : 1;
});

/**
 * Does one step. Later ones are done even when it fails, so that one run tells everything.
 * @param {string} name
 * @param {() => Promise<number>} work gives an exit status
 * @param {string} [report] the JSON report it leaves in test-results
 * @returns {Promise<boolean>}
 */
async function check(name, work, report) {
  if (stopRequested) return false;
  process.stdout.write(`\n── ${name} ──\n`);
  const started = performance.now();
  const status = await work().catch((/** @type {unknown} */ error) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  });
  const succeeded = status === 0 && !stopRequested;
  process.stdout.write(
    `── ${name}: ${succeeded ? "passed" : "FAILED"} in ${seconds(started)} ──\n`,
  );
  done.push({
    name,
    succeeded,
    counts: report ? readCounts(path.join(results, report)) : undefined,
  });
  return succeeded;
}

/** @param {string} project */
function vitestArguments(project) {
  return [
    "run",
    "--project",
    project,
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${path.join(results, `${project}.json`)}`,
  ];
}

/** @param {string} file */
function readCounts(file) {
  try {
    return countsOf(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    // The runner died before it wrote one; the step has failed then.
    return undefined;
  }
}
