import type { Wizard } from "./wizard.ts";

/**
 * Goes back to a screen that was left, and waits until the script has taken the browser forward
 * again to the one that is due.
 */
export async function backAndForward(wizard: Wizard): Promise<void> {
  const { page } = wizard;
  const due = (await wizard.frame()).url();
  await Promise.all([
    page.waitForEvent("framenavigated", (frame) => frame.url() === due),
    page.evaluate(() => history.back()),
  ]);
}
