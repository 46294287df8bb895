import { createRequire } from "node:module";

// `npm run mutation`: whether the tests of the security core would notice if it was wrong
// (docs/security.md).
export default {
  testRunner: "vitest",
  plugins: [createRequire(import.meta.url).resolve("@stryker-mutator/vitest-runner")],
  vitest: { configFile: "tools/mutation/vitest.config.ts", related: false },
  // Every mutant is a change to one file at run time; nothing of the repository is written.
  mutate: [
    "lib/sage/verify-sender.ts",
    "lib/sage/verified-token-cache.ts",
    "lib/crypto/secret-check.ts",
    "lib/sage/verify-token.ts",
    "lib/crypto/seal.ts",
    "lib/crypto/sealed-json.ts",
    "lib/authorisations/handles.ts",
    "lib/authorisations/attempt-keys.ts",
    "lib/journey/form-token.ts",
    "lib/authrefresh/authrefresh-request.ts",
    "lib/authrefresh/redirect-uri.ts",
    "lib/journey/transition.ts",
    "lib/net/private-address.ts",
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
