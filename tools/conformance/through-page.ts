import { homeFrom, PageStuck } from "../../testing/follow-page.ts";
import { Unmet } from "./case.ts";
import type { FilledPage, PageBrowser } from "./page-browser.ts";

/**
 * The query that a bank's pages came back with, as the wizard hands it to the adapter: without
 * `state`, which is ours. Pages to fill in are gone through in a browser, any other by {@link
 * homeFrom}.
 */
export async function throughPage(
  address: string,
  back: string,
  pages: readonly FilledPage[],
  browser?: PageBrowser,
): Promise<string> {
  const { searchParams } = needsBrowser(pages)
    ? await homeByBrowser(address, back, pages, browser)
    : await homeFrom(address, back, pages[0]?.press).catch((error: unknown) => {
        throw error instanceof PageStuck ? new Unmet(error.message) : error;
      });
  searchParams.delete("state");
  return searchParams.toString();
}

export const needsBrowser = (pages: readonly FilledPage[]): boolean =>
  pages.some(({ fill }) => fill !== undefined);

async function homeByBrowser(
  address: string,
  back: string,
  pages: readonly FilledPage[],
  browser: PageBrowser | undefined,
): Promise<URL> {
  if (!browser) throw new Unmet("there is no browser to fill the page in");
  const led = await browser.homeFrom(address, back, pages);
  if ("stuck" in led) throw new Unmet(led.stuck);
  return new URL(led.home);
}
