import { expect } from "playwright/test";
import type { ExpectedScreen, Wizard } from "./wizard.ts";
import type { MessageKey } from "./words.ts";

/** How long a screen that waits is there until its script asks what came of it, in ms. */
export const tillAsked = 1100;

/**
 * Waits until another screen is due, which the script of this one has not asked about, or has come
 * after all.
 */
export async function bankHasAnswered(
  wizard: Wizard,
  hasCome = () => Promise.resolve(false),
): Promise<void> {
  const frame = await wizard.frame();
  const { origin, pathname } = new URL(frame.url());
  const version = await frame.evaluate(() => document.body.dataset.version);
  await expect
    .poll(async () => {
      const answer = await wizard.page.request.get(`${origin}${pathname}/status`);
      const due = ((await answer.json()) as { version: string }).version;
      return due !== version || (await hasCome());
    })
    .toBe(true);
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
  const hasCome = async () => !(await wizard.waitsBefore(heading, screen));
  while (!(await hasCome())) {
    // It may be on its way already, and come while this looks.
    await bankHasAnswered(wizard, hasCome);
    if (!(await hasCome())) await wizard.page.clock.runFor(tillAsked);
  }
  await wizard.expectScreen(heading, screen);
}
