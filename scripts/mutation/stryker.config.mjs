import { createRequire } from "node:module";

// `npm run mutation`: whether the tests of the security core would notice if it was wrong
// (docs/security.md).
export default {
  testRunner: "vitest",
  plugins: [createRequire(import.meta.url).resolve("@stryker-mutator/vitest-runner")],
  vitest: { configFile: "scripts/mutation/vitest.config.ts", related: false },
  // Every mutant is a change to one file at run time; nothing of the repository is written.
  mutate: [
    "lib/sage/verify-sender.ts",
    "lib/sage/good-tokens.ts",
    "lib/platform/secret-check.ts",
    "lib/sage/verify-token.ts",
    "lib/platform/seal.ts",
    "lib/platform/sealed-json.ts",
    "lib/authorisations/handles.ts",
    "lib/authorisations/account-keys.ts",
    "lib/wizard/form-token.ts",
    "lib/wizard/entry-request.ts",
    "lib/outcomes/redirect-url.ts",
    "lib/wizard/transition.ts",
    "lib/platform/private-address.ts",
  ],
  coverageAnalysis: "perTest",
  // A constant of a module is another one for every test of its file; judging those takes two
  // thirds of the time and says what a reader sees at once.
  ignoreStatic: true,
  concurrency: 2,
  tempDirName: ".cache/stryker",
  ignorePatterns: [".next", ".data", "test-results", "playwright-report", ".cache", "docs"],
  reporters: ["clear-text", "json"],
  jsonReporter: { fileName: "test-results/mutation.json" },
  clearTextReporter: { logTests: false, reportTests: false, allowColor: false },
  thresholds: { high: 95, low: 85, break: 85 },
  allowEmpty: false,
};
