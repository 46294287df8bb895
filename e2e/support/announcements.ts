import type { BrowserContext, Frame } from "playwright/test";

/** Writes down, in every document of ours, each text that its status region says. */
export async function hearAnnouncements(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const said: string[] = [];
    Object.assign(window, { said });
    addEventListener("DOMContentLoaded", () => {
      const status = document.querySelector("[role=status]");
      if (status)
        new MutationObserver(() => status.textContent && said.push(status.textContent)).observe(
          status,
          { childList: true, characterData: true, subtree: true },
        );
    });
  });
}

/** What a document has said so far. */
export const announcements = (frame: Frame): Promise<string[]> =>
  frame.evaluate(() => (window as unknown as { said: string[] }).said);
