import { spawnSync } from "node:child_process";
import { PlainError } from "../../testing/progress.mjs";
import { startTestPostgres } from "../../testing/test-postgres.mjs";
import { root } from "../../testing/toolchain.mjs";
import { misplaced, statementMutants } from "./statements.mjs";

/** The tests that judge a file's statements, on real PostgreSQL. */
const judges = {
  "lib/authorisations/attempt-limit.ts": ["lib/authorisations/attempt-limit"],
  "lib/authorisations/authorisation-store.ts": ["lib/authorisations/single-use"],
  "lib/authorisations/attempt-counts.ts": ["lib/authorisations/attempt-limit"],
  "lib/authorisations/session-store.ts": [
    "lib/authorisations/single-use",
    "lib/authorisations/attempt-limit",
  ],
  "lib/banks/connect-code/connect-code-store.ts": ["lib/banks/connect-code"],
};

/**
 * Runs the integration tests of the security core once for each change to its SQL, and tells which
 * no test noticed.
 * @param {readonly string[]} files whose statements are changed; none for all
 * @returns {Promise<{ killed: number, all: number }>}
 */
export async function mutateStatements(files) {
  const mutants = [...statementMutants.entries()].filter(
    ([, { file }]) => files.length === 0 || files.includes(file),
  );
  if (mutants.length === 0) throw new PlainError(`No statement is changed in ${files.join(", ")}.`);
  const [lost] = misplaced(mutants.map(([, mutant]) => mutant));
  if (lost)
    throw new PlainError(
      `tools/mutation/statements.mjs: this does not stand once in ${lost.file}:\n${lost.was}`,
    );
  const stop = await startTestPostgres();
  /** @param {readonly string[]} tests @param {number} [index] */
  const run = (tests, index) => {
    const args = [
      "run",
      "--config",
      "tools/mutation/statements.vitest.config.mjs",
      "--bail",
      "1",
      "--reporter",
      "dot",
      ...tests,
    ];
    const { status, signal, error, stdout, stderr } = spawnSync("vitest", args, {
      cwd: root,
      env: { ...process.env, STATEMENT_MUTANT: String(index) },
      encoding: "utf8",
    });
    if (error ?? signal)
      throw new PlainError(`vitest could not be run: ${error?.message ?? signal}`);
    return { passed: status === 0, written: stdout + stderr };
  };
  try {
    const unchanged = run([...new Set(mutants.flatMap(([, { file }]) => judges[file]))]);
    if (!unchanged.passed)
      throw new PlainError(`The tests fail without any change.\n${unchanged.written}`);
    let killed = 0;
    for (const [index, { file, was, now }] of mutants) {
      if (!run(judges[file], index).passed) killed += 1;
      else process.stdout.write(`\n[Survived] SQL\n${file}\n-  ${was}\n+  ${now}\n`);
    }
    return { killed, all: mutants.length };
  } finally {
    await stop();
  }
}
