import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { BrowserContext, Page } from "playwright/test";

// Its build for browsers is a module without imports. It keeps its own clock, since the page's is
// stopped, and so does axe (axe.ts).
const bundle = readFileSync(
  createRequire(import.meta.url).resolve("@guidepup/virtual-screen-reader/browser.js"),
  "utf8",
);
const asScript = `(() => {
  const setTimeout = window.realSetTimeout = window.setTimeout.bind(window)
  ${bundle.replace(/export\s*\{.*?([\w$]+) as virtual\b.*?\}/s, "window.virtualScreenReader = $1")}
})()`;

interface VirtualScreenReader {
  start(options: { container: Element }): Promise<void>;
  stop(): Promise<void>;
  next(): Promise<void>;
  lastSpokenPhrase(): Promise<string>;
  spokenPhraseLog(): Promise<string[]>;
}
type ReaderWindow = typeof window & { virtualScreenReader: VirtualScreenReader };

/**
 * Longer than everything a screen says by itself on arrival: the focus after half a second, the
 * status after nearly three.
 */
const arrivalMs = 5000;
const maxPhrases = 400;

/**
 * Puts the virtual screen reader into every document of a context and stops the pages' clocks. To
 * be called before the first page is opened.
 */
export async function listen(context: BrowserContext): Promise<void> {
  await context.addInitScript(asScript);
  await context.clock.install({ time: 0 });
  await context.clock.pauseAt(1000);
}

/**
 * What is heard of a document just opened: by itself in the first seconds, and when it is read from
 * beginning to end.
 */
export async function hear(page: Page): Promise<{ arriving: string[]; reading: string[] }> {
  await page.evaluate(() =>
    (window as ReaderWindow).virtualScreenReader.start({ container: document.body }),
  );
  await page.clock.runFor(arrivalMs);
  const arriving = await page.evaluate(async () => [
    ...(await (window as ReaderWindow).virtualScreenReader.spokenPhraseLog()),
  ]);
  const reading = await page.evaluate(async (maxSteps) => {
    const { virtualScreenReader: reader } = window as ReaderWindow;
    await reader.stop();
    await reader.start({ container: document.body });
    for (let count = 0; (await reader.lastSpokenPhrase()) !== "end of document"; count += 1) {
      if (count > maxSteps) throw new Error("the document has no end");
      await reader.next();
    }
    const phrases = [...(await reader.spokenPhraseLog())];
    await reader.stop();
    return phrases;
  }, maxPhrases);
  return { arriving: arriving.slice(1), reading: compact(reading) };
}

/**
 * The phrases without what only says where a box begins and ends; an item of a list on one line.
 */
function compact(phrases: readonly string[]): string[] {
  const lines: string[] = [];
  let item: string | undefined;
  for (const phrase of phrases) {
    const [, current, position, size] =
      /^listitem(?:, level \d+)?(, current step)?(?:, level \d+)?, position (\d+), set size (\d+)$/.exec(
        phrase,
      ) ?? [];
    if (position !== undefined) item = `item ${position} of ${size ?? ""}${current ?? ""}:`;
    else if (phrase.startsWith("end of listitem")) {
      if (item !== undefined) lines.push(item);
      item = undefined;
    } else if (/^(end of .*|document|paragraph|form)$/.test(phrase)) continue;
    // A button's `value` is what it posts, and no screen reader says it.
    else if (item !== undefined) item += ` ${phrase}`;
    else lines.push(phrase.replace(/^(button, .*), [a-z-]+$/, "$1"));
  }
  return lines;
}
