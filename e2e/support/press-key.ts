import type { Page } from "playwright/test";

const maxMs = 5000;

/**
 * Presses a key. A frame that changes its process at that moment never acknowledges the key, and
 * Playwright would wait for that to the end of the test: whoever presses looks at what came of it,
 * and may press again.
 */
export async function pressKey(page: Page, key: string): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const long = new Promise<void>((resolve) => (timer = setTimeout(resolve, maxMs)));
  await Promise.race([page.keyboard.press(key).catch(() => undefined), long]);
  clearTimeout(timer);
}
