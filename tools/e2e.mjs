// `npm run e2e`: the journeys in a real browser. What follows `--` goes to Playwright, as in `npm
// run e2e -- --grep cancel`.
import { runMain } from "../testing/progress.mjs";
import { runPlaywright } from "./support/run-playwright.mjs";
import { ensureToolchain } from "../testing/toolchain.mjs";

await runMain(async () => {
  await ensureToolchain();
  return runPlaywright(process.argv.slice(2), { ...process.env, E2E_PICTURES: "on" });
});
