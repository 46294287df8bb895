// `npm run gallery`: every screen of the gallery in every language, size and look. What follows
// `--` goes to Playwright, as in `npm run gallery -- --grep fr-CA`.
import { runMain } from "../testing/progress.mjs";
import { runPlaywright } from "./support/run-playwright.mjs";
import { ensureToolchain } from "../testing/toolchain.mjs";

await runMain(async () => {
  await ensureToolchain();
  return runPlaywright(["--config", "playwright.gallery.config.ts", ...process.argv.slice(2)], {
    ...process.env,
    E2E_PICTURES: "on",
  });
});
