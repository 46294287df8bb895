import { expect } from "playwright/test";
import type { ExpectedScreen, Wizard } from "./wizard.ts";
import type { MessageKey } from "./words.ts";

/** How long a screen that waits is there until its script asks what came of it, in ms. */
export const tillAsked = 1100;

/** Waits until another screen is due, which the script of this one has not asked about. */
export async function bankHasAnswered(wizard: Wizard): Promise<void> {
  const frame = await wizard.frame();
  const { origin, pathname } = new URL(frame.url());
  const version = await frame.evaluate(() => document.body.dataset.version);
  await expect
    .poll(async () => {
      const answer = await wizard.page.request.get(`${origin}${pathname}/status`);
      return ((await answer.json()) as { version: string }).version;
    })
    .not.toBe(version);
}

/**
 * Waits for a screen where the test has stopped the page's clock. On a busy machine one that waits
 * may come before it, which would never ask: it is let to, once, when another screen is due.
 */
export async function arriveAt(
  wizard: Wizard,
  heading: MessageKey,
  screen: ExpectedScreen = {},
): Promise<void> {
  while (await wizard.waitsBefore(heading, screen)) {
    await bankHasAnswered(wizard);
    await wizard.page.clock.runFor(tillAsked);
  }
  await wizard.expectScreen(heading, screen);
}
