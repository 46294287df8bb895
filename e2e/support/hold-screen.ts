import type { BrowserContext } from "playwright/test";

/**
 * Keeps the last screen from leaving by itself, so that a slow machine does not miss it. Its script
 * runs as it is, but for timers as long as that one; going-back.spec.ts lets it go.
 */
export function holdLastScreen(context: BrowserContext): Promise<unknown> {
  return context.addInitScript(() => {
    const { setTimeout } = window;
    const shortestReturn = 6000;
    window.setTimeout = ((work: () => void, wait = 0, ...rest: []) =>
      wait >= shortestReturn ? 0 : setTimeout(work, wait, ...rest)) as typeof window.setTimeout;
  });
}

/**
 * Keeps screens that wait where they are, for a test that looks at them for long: their script is
 * told that nothing happened.
 */
export async function holdWaitingScreens(context: BrowserContext): Promise<void> {
  await context.route("**/authrefresh/*/status", async (route) => {
    // The document may be left while it asks.
    const version = await route
      .request()
      .frame()
      .evaluate(() => document.body.dataset.version)
      .catch(() => undefined);
    await route.fulfill({ json: { version } }).catch(() => undefined);
  });
}
