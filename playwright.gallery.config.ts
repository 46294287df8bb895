import { defineConfig } from "playwright/test";
import base from "./playwright.config.ts";

/** `npm run gallery`: everything there is to look at, which takes longer than `npm test` may. */
export default defineConfig(base, {
  testMatch: "**/*.walk.ts",
  outputDir: "test-results/gallery",
  reporter: [
    ["line"],
    ["html", { outputFolder: "playwright-report", open: "never" }],
    ["json", { outputFile: "test-results/gallery.json" }],
  ],
});
