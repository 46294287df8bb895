import type { BrowserContext } from 'playwright/test'

/**
 * Keeps screens that go on by themselves where they are, for a test that looks at them for longer than a person would: the last screen does not leave, and a screen that waits is told that
 * nothing happened. Nothing else of their script is touched.
 */
export async function holdScreens(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const { setTimeout } = window
    const shortestReturn = 6000
    window.setTimeout = ((work: () => void, wait = 0, ...rest: []) => (wait >= shortestReturn ? 0 : setTimeout(work, wait, ...rest))) as typeof window.setTimeout
  })
  await context.route('**/authrefresh/*/status', async (route) => {
    const version = await route.request().frame().evaluate(() => document.body.dataset.version)
    await route.fulfill({ json: { version } })
  })
}
