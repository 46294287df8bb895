import { chromium } from "playwright";
import { systemChromium } from "../../testing/browser.mjs";
import { median } from "../../testing/statistics.mjs";

/**
 * @typedef {{ name: string, paint: number, keystroke: number }} Times medians in milliseconds after
 *   the navigation began
 * @typedef {{ figures: Times[], ratios: { name: string, paint: number, keystroke: number }[] }}
 *   FirstPaint ratios against the ordinary page of Next
 */

const rounds = 7;
const maxMs = 30_000;
/** A phone of the middle class on a slow mobile connection, as Lighthouse throttles. */
const slowCpu = { rate: 4 };
const slowNetwork = {
  offline: false,
  latency: 150,
  downloadThroughput: (1.6 * 1024 * 1024) / 8,
  uploadThroughput: (750 * 1024) / 8,
};

/**
 * When somebody first sees something, and when what they type or press first counts: the
 * credentials screen, the approval screen, and an ordinary page of Next with one field, in turns,
 * each with nothing cached.
 * @param {{ connector: import('./stage.mjs').Connector, nextPage: import('./stage.mjs').Server }}
 *   servers
 * @returns {Promise<FirstPaint>}
 */
export async function measureFirstPaint({ connector, nextPage }) {
  const executablePath = systemChromium();
  const browser = await chromium.launch({
    ...(executablePath ? { executablePath } : {}),
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
  });
  try {
    const { authrefreshUrl } = await connector.bankingService.createAuthorisation();
    const approvalUrl = await reachApproval(
      browser,
      (await connector.bankingService.createAuthorisation()).authrefreshUrl,
    );
    const pages = [
      {
        name: "credentials screen",
        url: authrefreshUrl,
        target: "input[name=username]",
        key: "a",
        taken: "input[name=username]",
      },
      // Its first control is a button: it counts when it can be reached by the keyboard.
      {
        name: "approval screen",
        url: approvalUrl,
        target: "button[value=check]",
        key: "Shift",
        taken: "button[value=check]",
      },
      {
        name: "ordinary page of Next",
        url: `${nextPage.url}/page-of-next`,
        target: "#field",
        key: "a",
        taken: "#field[data-taken]",
      },
    ];
    /** @type {Map<string, { paint: number, keystroke: number }[]>} */
    const seen = new Map(pages.map(({ name }) => [name, []]));
    for (let round = 0; round <= rounds; round++) {
      for (const page of pages) {
        const times = await visit(browser, page);
        // The first round warms the servers.
        if (round > 0) seen.get(page.name)?.push(times);
      }
    }
    const figures = [...seen].map(([name, times]) => ({
      name,
      paint: median(times.map(({ paint }) => paint)),
      keystroke: median(times.map(({ keystroke }) => keystroke)),
    }));
    const [ordinary] = figures.slice(-1);
    const ratios = figures.slice(0, -1).map(({ name, paint, keystroke }) => ({
      name,
      paint: paint / (ordinary?.paint ?? 1),
      keystroke: keystroke / (ordinary?.keystroke ?? 1),
    }));
    return { figures, ratios };
  } finally {
    await browser.close();
  }
}

/**
 * @param {import('playwright').Browser} browser
 * @param {{ url: string, target: string, key: string, taken: string }} what
 */
async function visit(browser, { url, target, key, taken }) {
  const page = await browser.newPage();
  try {
    const devtools = await page.context().newCDPSession(page);
    await devtools.send("Network.enable");
    // The approval must stay as it is for all rounds.
    await devtools.send("Network.setBlockedURLs", { urls: ["*/status"] });
    await devtools.send("Network.emulateNetworkConditions", slowNetwork);
    await devtools.send("Emulation.setCPUThrottlingRate", slowCpu);
    await page.goto(url, { waitUntil: "commit" });
    await page.locator(target).waitFor({ state: "attached" });
    // Types until a keystroke counts, as somebody does whose first ones are lost.
    const giveUpAt = performance.now() + maxMs;
    for (;;) {
      if (performance.now() > giveUpAt) throw new Error(`${url}: no keystroke counted`);
      await page.locator(target).focus({ timeout: maxMs });
      await page.keyboard.press(key);
      const at = await page.evaluate(
        (selector) =>
          document.querySelector(selector) === document.activeElement
            ? performance.now()
            : undefined,
        taken,
      );
      if (at !== undefined) {
        await page.waitForFunction(
          () => performance.getEntriesByName("first-contentful-paint").length > 0,
        );
        const paint = await page.evaluate(
          () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? Number.NaN,
        );
        return { paint, keystroke: at };
      }
    }
  } finally {
    await page.close();
  }
}

/** @param {import('playwright').Browser} browser @param {string} url */
async function reachApproval(browser, url) {
  const page = await browser.newPage({ javaScriptEnabled: false });
  await page.goto(url);
  await page.fill("input[name=username]", "user_push_expired");
  await page.fill("input[name=password]", "pass_good");
  await page.click("button[value=continue]");
  await page.waitForSelector("button[value=check]");
  const address = page.url();
  await page.close();
  return address;
}
