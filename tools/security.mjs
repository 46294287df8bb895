// `npm run security [-- --quick]`: every test that shows a threat closed
// (tools/security/threats.mjs), at full length: 100,000 generated requests, 100,000 guessed
// handles, the canary run, the slow clients.
import { runMain, runShown } from "../testing/progress.mjs";
import { ensureBrowser } from "../testing/browser.mjs";
import { runPlaywright } from "./support/run-playwright.mjs";
import { ensureToolchain } from "../testing/toolchain.mjs";
import { filesOf, threats } from "./security/threats.mjs";

const quick = process.argv.includes("--quick");

await runMain(async () => {
  await ensureToolchain();
  const env = quick
    ? process.env
    : {
        ...process.env,
        SECURITY_FUZZ_RUNS: "100000",
        SECURITY_HANDLES: "100000",
        SECURITY_PAYLOADS: "5000",
        SECURITY_BROWSER_ROUNDS: "20",
      };
  /** @type {string[]} */
  const failed = [];
  /** @param {string} what @param {() => Promise<number>} work */
  const check = async (what, work) => {
    process.stdout.write(`\n── ${what} ──\n`);
    const status = await work().catch(
      (/** @type {unknown} */ error) => (
        process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`),
        1
      ),
    );
    if (status !== 0) failed.push(what);
  };
  await check("unit tests", () =>
    runShown("vitest", ["run", "--project", "unit", ...filesOf("unit")], { env }),
  );
  await check("integration tests", () =>
    runShown("vitest", ["run", "--project", "integration", ...filesOf("integration")], { env }),
  );
  await check("end-to-end tests", () => runPlaywright(filesOf("e2e"), env));
  await check(
    "payloads in a browser",
    async () => (
      await ensureBrowser(),
      runShown("vitest", ["run", "--project", "browser", ...filesOf("browser")], { env })
    ),
  );
  for (const script of quick ? ["tools/supply-chain.mjs"] : filesOf("scripts"))
    await check(script, () => runShown(process.execPath, [script], { env }));
  process.stdout.write(
    `\n${Object.keys(threats).length} threats; ` +
      `${failed.length === 0 ? "every test passed" : `FAILED: ${failed.join(", ")}`}\n`,
  );
  return failed.length === 0 ? 0 : 1;
});
