// What the runners' JSON reports say, in one form. Pure.

/**
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 * @typedef {{ numPassedTests: number, numFailedTests: number, numPendingTests: number,
 *   numTodoTests: number }} VitestReport
 * @typedef {{ stats: { expected: number, unexpected: number, flaky: number, skipped: number } }}
 *   PlaywrightReport
 */

/**
 * @param {VitestReport | PlaywrightReport} report
 * @returns {Counts}
 */
export function countsOf(report) {
  if ("stats" in report) {
    const { expected, unexpected, flaky, skipped } = report.stats;
    return { passed: expected, failed: unexpected + flaky, skipped };
  }
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/**
 * Adds up a run. A step that failed without a failing test, such as the linter or a file that could
 * not be loaded, counts as one failed; so does each skipped test, because a test that is not run
 * proves nothing; and so does a runner that found no test.
 * @param {{ succeeded: boolean, counts?: Counts | undefined }[]} steps `counts` for those that run
 *   tests
 * @returns {{ passed: number, failed: number }}
 */
export function summarise(steps) {
  let passed = 0;
  let failed = 0;
  for (const { succeeded, counts } of steps) {
    const bad = counts ? counts.failed + counts.skipped : 0;
    const foundNone = counts !== undefined && counts.passed + bad === 0;
    passed += counts?.passed ?? 0;
    failed += bad > 0 ? bad : !succeeded || foundNone ? 1 : 0;
  }
  return { passed, failed };
}
