import { describe, expect, it } from "vitest";
import { countsOf, summarise } from "./test-report.mjs";

describe("a report", () => {
  it("of Vitest is counted", () => {
    expect(
      countsOf({ numPassedTests: 5, numFailedTests: 1, numPendingTests: 2, numTodoTests: 1 }),
    ).toEqual({ passed: 5, failed: 1, skipped: 3 });
  });
  it("of Playwright is counted, a flaky test as failed", () => {
    expect(countsOf({ stats: { expected: 7, unexpected: 1, flaky: 1, skipped: 2 } })).toEqual({
      passed: 7,
      failed: 2,
      skipped: 2,
    });
  });
});

describe("a run", () => {
  const good = { succeeded: true, counts: { passed: 3, failed: 0, skipped: 0 } };
  it("adds up its suites", () =>
    expect(summarise([{ succeeded: true }, good, good])).toEqual({ passed: 6, failed: 0 }));
  it("counts a failed step without tests", () =>
    expect(summarise([{ succeeded: false }, good])).toEqual({ passed: 3, failed: 1 }));
  it("counts failed tests once", () => {
    expect(summarise([{ succeeded: false, counts: { passed: 1, failed: 2, skipped: 0 } }])).toEqual(
      { passed: 1, failed: 2 },
    );
  });
  it("counts a suite that could not be loaded", () =>
    expect(summarise([{ ...good, succeeded: false }])).toEqual({ passed: 3, failed: 1 }));
  it("counts skipped tests as failed", () => {
    expect(summarise([{ succeeded: true, counts: { passed: 1, failed: 0, skipped: 2 } }])).toEqual({
      passed: 1,
      failed: 2,
    });
  });
  it("counts a suite without tests as failed", () => {
    expect(summarise([{ succeeded: true, counts: { passed: 0, failed: 0, skipped: 0 } }])).toEqual({
      passed: 0,
      failed: 1,
    });
  });
});
