import type { Browser, BrowserContext, Locator, Page } from "playwright";
import { ensureBrowser, systemChromium } from "../../testing/browser.mjs";

/**
 * What is done on one page of a bank's: fields by their labels or by selectors, each with its text,
 * or whether it is ticked; then what is pressed, by its name or by a selector.
 */
export interface FilledPage {
  fill?: Readonly<Record<string, string | boolean>> | undefined;
  press?: string | undefined;
}
/** Where the pages led back to, or why they did not, in words of ours. */
type Home = { home: string } | { stuck: string };

export interface PageBrowser {
  /**
   * Goes through a bank's pages as a person would.
   * @param back where they send people back to; nothing is sent there.
   */
  homeFrom(address: string, back: string, pages: readonly FilledPage[]): Promise<Home>;
  close(): Promise<void>;
}

/** More would make a small machine slow. */
const maxAtOnce = 4;
const usuallyMs = 30_000;
/** A page that stays as it is after something was pressed has done what it does. */
const settledAfterMs = 5000;

/**
 * A real browser (Chromium), started when it is first needed, for pages that want a form filled in
 * or run scripts. Each journey has cookies of its own.
 * @param maxMs how long one journey may take.
 */
export function createPageBrowser({ maxMs = usuallyMs }: { maxMs?: number } = {}): PageBrowser {
  let launched: Promise<Browser> | undefined;
  let free = maxAtOnce;
  const waiting: (() => void)[] = [];

  const launch = async () => {
    await ensureBrowser();
    const { chromium } = await import("playwright");
    const executablePath = systemChromium();
    // Chromium has no sandbox for root.
    return chromium.launch({
      ...(executablePath ? { executablePath } : {}),
      args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
    });
  };
  const inSequence = async <T>(work: () => Promise<T>): Promise<T> => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };

  return {
    homeFrom: (address, back, pages) =>
      inSequence(async () => {
        const context = await (await (launched ??= launch())).newContext({ locale: "en-GB" });
        context.setDefaultTimeout(maxMs);
        try {
          return await goThrough(context, { address, back, pages, maxMs });
        } finally {
          await context.close();
        }
      }),
    close: async () => (await launched?.catch(() => undefined))?.close(),
  };
}

async function goThrough(
  context: BrowserContext,
  {
    address,
    back,
    pages,
    maxMs,
  }: { address: string; back: string; pages: readonly FilledPage[]; maxMs: number },
): Promise<Home> {
  const page = await context.newPage();
  const selectors = await page.evaluate(
    validSelectors,
    pages.flatMap(({ fill = {}, press }) => [
      ...Object.keys(fill),
      ...(press === undefined ? [] : [press]),
    ]),
  );
  const bySelector = (name: string) =>
    selectors.includes(name) ? page.locator(`css=${name}`) : undefined;
  const { home } = await watchFor(page, back);

  let at = "the bank’s page";
  const walked = async (): Promise<Home> => {
    await page.goto(address, { waitUntil: "domcontentloaded" });
    for (const [index, { fill = {}, press }] of pages.entries()) {
      let last: Locator | undefined;
      for (const [name, value] of Object.entries(fill)) {
        at = `page ${index + 1} of the bank’s has no field “${name}”`;
        last = shown(
          page.getByLabel(called(name)),
          page.getByPlaceholder(called(name)),
          bySelector(name),
        );
        await (typeof value === "boolean" ? last.setChecked(value) : last.fill(value));
      }
      at =
        press === undefined
          ? "nothing can be pressed there"
          : `page ${index + 1} of the bank’s has nothing called “${press}” to press`;
      const pressed =
        press === undefined
          ? last
          : shown(
              page.getByRole("button", { name: called(press) }),
              page.getByRole("link", { name: called(press) }),
              bySelector(press),
            );
      if (!pressed) continue;
      // The next page may have a button of the same name.
      const before = await pressed.elementHandle();
      await (press === undefined ? pressed.press("Enter") : pressed.click());
      await before
        ?.waitForElementState("hidden", { timeout: settledAfterMs })
        .catch(() => undefined);
    }
    at =
      `the bank’s page leads nowhere after ${pages.length} ` +
      `${pages.length === 1 ? "page" : "pages"} that were filled in`;
    return home;
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<Home>((resolve) => {
    timer = setTimeout(() => resolve({ stuck: at }), maxMs);
  });
  // Going home ends whatever else is waited for.
  const failed = walked().catch((): Promise<Home> => over);
  const ended = await Promise.race([home, failed, over]);
  clearTimeout(timer);
  return ended;
}

/**
 * The whole name, but for what is no word in it, such as an icon or the asterisk of a field that
 * must be filled in.
 */
const called = (name: string) =>
  new RegExp(
    `^[^\\p{L}\\p{N}]*${name.replace(/[\^$.*+?()[\]{}|/\\]/g, "\\$&")}[^\\p{L}\\p{N}]*$`,
    "iu",
  );

/** Of the first that can be seen. */
const shown = (first: Locator, ...others: (Locator | undefined)[]): Locator =>
  others
    .reduce<Locator>((all, other) => (other ? all.or(other) : all), first)
    .filter({ visible: true })
    .first();

/** In the browser: which of the texts are CSS selectors. */
function validSelectors(texts: string[]): string[] {
  return texts.filter((text) => {
    try {
      document.querySelector(text);
      return true;
    } catch {
      return false;
    }
  });
}

/** Catches the browser on its way to `back`, also by a redirect, and sends nothing there. */
async function watchFor(page: Page, back: string): Promise<{ home: Promise<Home> }> {
  const { origin, pathname } = new URL(back);
  const devtools = await page.context().newCDPSession(page);
  const home = new Promise<Home>((resolve) => {
    devtools.on("Fetch.requestPaused", ({ requestId, request }) => {
      const is = new URL(request.url);
      if (is.origin !== origin || is.pathname !== pathname)
        return void devtools.send("Fetch.continueRequest", { requestId }).catch(() => undefined);
      resolve({ home: request.url });
      return void devtools
        .send("Fetch.fulfillRequest", {
          requestId,
          responseCode: 200,
          responseHeaders: [{ name: "content-type", value: "text/html" }],
          body: "",
        })
        .catch(() => undefined);
    });
  });
  await devtools.send("Fetch.enable", { patterns: [{ urlPattern: `${origin}${pathname}*` }] });
  return { home };
}
