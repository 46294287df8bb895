import { defineConfig } from "vitest/config";

const exclude = ["**/node_modules/**", "**/.next/**"];
const limits = { testTimeout: 60_000, hookTimeout: 60_000 };

export default defineConfig({
  test: {
    watch: false,
    // Left to itself it keeps one core free. Of an integration test half is waiting, as of a test in
    // a browser.
    maxWorkers: 3,
    // A test that was left out by accident is a test that passes by accident.
    allowOnly: false,
    projects: [
      {
        test: {
          name: "unit",
          include: ["{app,lib,server,simulator,testing,tools,prisma}/**/*.test.{ts,tsx}"],
          exclude,
          ...limits,
        },
      },
      {
        test: {
          name: "integration",
          include: ["{app,lib,server,tools,prisma,e2e}/**/*.integration.ts"],
          exclude,
          ...limits,
          globalSetup: ["testing/integration-setup.ts"],
        },
      },
      // With a real browser; `npm run security` runs them.
      {
        test: {
          name: "browser",
          include: ["tools/**/*.browser.tsx"],
          exclude,
          ...limits,
        },
      },
    ],
  },
});
