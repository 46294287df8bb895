import { runShown } from "../../testing/progress.mjs";

/**
 * Runs Playwright's tests against a connector built from what is there now, in a browser that is
 * fetched when there is none. The toolchain has to be there (toolchain.mjs).
 * @param {readonly string[]} args what follows `playwright test`
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>} its exit status
 */
export async function runPlaywright(args, env) {
  // These need packages, which a fresh clone has only after ensureToolchain().
  const { ensureBrowser } = await import("../../testing/browser.mjs");
  const { buildConnectorIfChanged } = await import("./build-connector.mjs");
  await ensureBrowser();
  await buildConnectorIfChanged();
  return runShown("playwright", ["test", ...args], { env });
}
