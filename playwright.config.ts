import { defineConfig } from "playwright/test";
import { systemChromium } from "./testing/browser.mjs";

const executablePath = systemChromium();

export default defineConfig({
  testDir: "e2e",
  testMatch: "**/*.spec.ts",
  globalSetup: "./e2e/support/global-setup.ts",
  // Each file's tests run one after another, four files at a time: on a machine with two cores half
  // of the time is waiting, for a bank that thinks or a script that lets a screen reader speak.
  workers: 4,
  retries: 0,
  forbidOnly: true,
  // Generous: a busy machine must not turn a test red.
  timeout: 180_000,
  // The sandbox bank's slow user takes 8 s, and CI's machines are busy.
  expect: { timeout: 45_000 },
  // Transcripts are the same on every machine.
  snapshotPathTemplate: "{testDir}/accessibility/{arg}{ext}",
  outputDir: "test-results/artifacts",
  reporter: [
    ["list"],
    ["html", { outputFolder: "playwright-report", open: "never" }],
    ["json", { outputFile: "test-results/e2e.json" }],
  ],
  use: {
    browserName: "chromium",
    // The tests read British English (e2e/support/words.ts); a browser left to itself asks for
    // American.
    locale: "en-GB",
    // A tenth of the time; `npm run e2e -- --trace retain-on-failure` records one.
    trace: "off",
    launchOptions: {
      ...(executablePath ? { executablePath } : {}),
      // No sandbox, because Chromium has none for root; the rest keeps it from looking for hosts
      // outside, which closed networks answer late.
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--no-first-run",
        "--disable-quic",
      ],
    },
  },
});
