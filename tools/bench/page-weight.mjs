import { chromium } from "playwright";
import { systemChromium } from "../../testing/browser.mjs";
import { sum } from "../../testing/statistics.mjs";

/**
 * @typedef {{ url: string, kind: 'document' | 'style' | 'wizard script' | 'framework script' |
 *   'other', head: number, body: number }} Load sizes in bytes, as they came over the wire; a
 *   bank's pictures are left out
 * @typedef {{ screen: string, html: number, css: number, script: number, framework: number, bodies:
 *   number, withHeaders: number, requests: number }} Weight
 */

/**
 * What Chromium receives for each screen of a journey and for one of each challenge kind, nothing
 * of it from a cache.
 * @param {import('./stage.mjs').Connector} connector
 * @returns {Promise<{ screens: Weight[], kinds: Weight[], fragment: number }>} and how large the
 *   answer to a server-side caller is
 */
export async function measurePageWeight({ url, bankingService }) {
  const executablePath = systemChromium();
  const browser = await chromium.launch({
    ...(executablePath ? { executablePath } : {}),
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-background-networking",
      "--disable-component-update",
      "--no-first-run",
      "--disable-quic",
    ],
  });
  try {
    const page = await browser.newPage();
    const watch = await watchNetwork(page);
    const { authrefreshUrl } = await bankingService.createAuthorisation();
    const fragment = Buffer.byteLength(await (await fetch(authrefreshUrl)).text());
    const screens = [await watch.weigh("credentials screen", authrefreshUrl)];
    await page.fill("input[name=username]", "user_sms");
    await page.fill("input[name=password]", "pass_good");
    await page.click("button[value=continue]");
    await page.waitForSelector("input[name=code]");
    screens.push(await watch.weigh("code screen", page.url()));
    await page.fill("input[name=code]", "123456");
    await page.click("button[value=continue]");
    await page.waitForSelector("#reauth-return");
    screens.push(await watch.weigh("finished screen", page.url()));
    const kinds = [];
    for (const [kind, address] of await kindsInGallery(url))
      kinds.push(await watch.weigh(kind, address));
    return { screens, kinds, fragment };
  } finally {
    await browser.close();
  }
}

/**
 * Where the gallery shows each kind's first example with the most on it: the last try after an
 * error, and another way.
 * @param {string} url the connector's
 * @returns {Promise<Map<string, string>>}
 */
async function kindsInGallery(url) {
  const index = await (await fetch(`${url}/gallery`)).text();
  /** @type {Map<string, string>} */
  const kinds = new Map();
  for (const [, address = "", kind = ""] of index.matchAll(
    /href="([^"]+\/gallery\/([^".]+)\.[^".]+\.another-way-after-an-error[^"]*)"/g,
  )) {
    if (!kinds.has(kind)) kinds.set(kind, address.replaceAll("&amp;", "&"));
  }
  if (kinds.size === 0) throw new Error("the gallery shows no challenge kind");
  return kinds;
}

/** @param {import('playwright').Page} page */
async function watchNetwork(page) {
  /** @type {Map<string, Load>} */
  const loads = new Map();
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Network.enable");
  await devtools.send("Network.setCacheDisabled", { cacheDisabled: true });
  devtools.on(
    "Network.responseReceived",
    ({ requestId, type, response: { url, encodedDataLength } }) => {
      if (!url.startsWith("data:"))
        loads.set(requestId, { url, kind: kindOf(type, url), head: encodedDataLength, body: 0 });
    },
  );
  devtools.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    const load = loads.get(requestId);
    if (load) load.body = encodedDataLength - load.head;
  });
  return {
    /**
     * @param {string} screen
     * @param {string} address which shows it again and again
     * @returns {Promise<Weight>}
     */
    async weigh(screen, address) {
      loads.clear();
      const response = await page.goto(address, { waitUntil: "networkidle" });
      const all = [...loads.values()];
      const bytes = (/** @type {Load['kind']} */ kind) =>
        sum(all.filter((load) => load.kind === kind).map(({ body }) => body));
      const html = (await response?.text()) ?? "";
      // Pictures of a bank stand in the page itself; they have a limit of their own.
      const pictures = sum(
        [...html.matchAll(/"data:(?:image|audio)[^"]*"/g)].map(([data]) => data.length),
      );
      // Script that stands in the page itself would be the framework's, too; ours is one file.
      const inline = [...html.matchAll(/<script\b[^>]*>([^<]+)/g)].map(([, script = ""]) =>
        Buffer.byteLength(script),
      );
      return {
        screen,
        html: bytes("document") - pictures,
        css: bytes("style"),
        script: bytes("wizard script"),
        framework: bytes("framework script") + sum(inline),
        bodies: sum(all.map(({ body }) => body)) - pictures,
        withHeaders: sum(all.map(({ head, body }) => head + body)) - pictures,
        requests: all.length,
      };
    },
  };
}

/** @param {string} type as the browser names it @param {string} url @returns {Load['kind']} */
function kindOf(type, url) {
  if (type === "Script" || /\.m?js(\?|$)/.test(url))
    return /^\/assets\/wizard-[0-9a-f]+\.js$/.test(new URL(url).pathname)
      ? "wizard script"
      : "framework script";
  return type === "Document" ? "document" : type === "Stylesheet" ? "style" : "other";
}

/** @typedef {Awaited<ReturnType<typeof measurePageWeight>>} PageWeight */
