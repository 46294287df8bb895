import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { type Browser, chromium, type Page } from "playwright";
import { renderToStaticMarkup } from "react-dom/server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { serveAssets } from "../../server/serve-assets.ts";
import { systemChromium } from "../../testing/browser.mjs";
import { challengeSchema, type Challenge } from "../../lib/challenges/index.ts";
import { translatorFor } from "../../lib/i18n/translator.ts";
import { loadAssets } from "../../lib/web/assets.ts";
import { contentSecurityPolicy } from "../../lib/web/csp.ts";
import { htmlResponse } from "../../lib/web/html.ts";
import { firstStatus } from "../../lib/journey/transition.ts";
import { AuthrefreshFragment } from "../../app/authrefresh/_pages/authrefresh-fragment.tsx";
import {
  challenges,
  freeTexts,
  markup,
  reworded,
} from "../../app/authrefresh/_pages/payloads.fixture.ts";
import { ScreenPage } from "../../app/authrefresh/_pages/screen-page.tsx";

// What no test of bytes can show: that a real browser makes nothing of a bank's words but text,
// under the policy, the headers and the script that every screen has. `npm run security` only.
const rounds = Number(process.env["SECURITY_BROWSER_ROUNDS"] ?? 1);

const files = loadAssets({});
const translator = translatorFor("en-GB");
const documents: Response[] = [];
const asked: string[] = [];
let origin: string;
let server: Server;
let browser: Browser;

beforeAll(async () => {
  server = createServer(
    serveAssets(
      files,
      () => undefined,
      (request, response) => {
        asked.push(`${request.method ?? ""} ${request.url ?? ""}`);
        const answer = documents[Number(/^\/screen\/(\d+)$/.exec(request.url ?? "")?.[1])];
        if (answer)
          void answer
            .clone()
            .text()
            .then((body) =>
              response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(body),
            );
        else response.writeHead(200, { "content-type": "application/json" }).end('{"version":"v"}');
      },
    ),
  ).listen(0, "localhost");
  await new Promise((resolve) => server.once("listening", resolve));
  origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  const executablePath = systemChromium();
  browser = await chromium.launch({
    ...(executablePath ? { executablePath } : {}),
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
  });
}, 120_000);
afterAll(async () => {
  await browser?.close();
  server?.close();
});

const assets = () => ({
  script: `${origin}/assets/${files.script.name}`,
  integrity: files.script.integrity,
  style: `${origin}/assets/${files.style.name}`,
});
const policy = () =>
  contentSecurityPolicy({ publicUrl: origin, frameAncestors: [origin] }, files.script.integrity);

function screenOf(challenge: Challenge, bank: string) {
  const content = {
    ...firstStatus({ name: bank, firstChallenge: challenge }).content,
    lang: "en-GB",
    otherWay: true,
  };
  const screen = {
    type: "challenge",
    bank,
    handle: "h",
    formToken: "t",
    version: "v",
    reference: "r",
    content,
    secondsLeft: 900,
  } as const;
  return (
    <ScreenPage
      screen={screen}
      url={`${origin}/authrefresh/h`}
      translator={translator}
      assets={assets()}
    />
  );
}

/** A page whose every complaint is written down. */
async function watched(): Promise<{ page: Page; complaints: string[] }> {
  const page = await browser.newPage();
  const complaints: string[] = [];
  await page.addInitScript(() => {
    Object.assign(window, { ran: () => console.error("a script of theirs ran") });
    addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
      console.error(`policy violation: ${violatedDirective} ${blockedURI}`),
    );
  });
  page.on(
    "dialog",
    (dialog) => (complaints.push(`dialog: ${dialog.message()}`), void dialog.dismiss()),
  );
  page.on(
    "console",
    (message) => ["error", "warning"].includes(message.type()) && complaints.push(message.text()),
  );
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on(
    "request",
    (request) =>
      request.url().startsWith(`${origin}/`) ||
      request.url().startsWith("data:") ||
      complaints.push(`request: ${request.url()}`),
  );
  page.on("popup", () => complaints.push("a window opened"));
  return { page, complaints };
}

/** What a document is made of, and every text in it. */
const partsOf = (page: Page) =>
  page.evaluate(() => {
    const all = [...document.querySelectorAll("*")];
    const attributes = all.flatMap((element) => [...element.attributes]);
    // In any other, such as the words for a picture, it is text.
    const addresses = [
      "href",
      "xlink:href",
      "src",
      "srcset",
      "srcdoc",
      "action",
      "formaction",
      "data",
      "poster",
      "background",
      "ping",
      "content",
    ];
    return {
      elements: all.map(({ localName }) => localName),
      handlers: attributes
        .filter(
          ({ name, value }) =>
            name.startsWith("on") || (addresses.includes(name) && /^\s*javascript:/i.test(value)),
        )
        .map(({ name }) => name),
      texts: [
        document.title,
        document.body.textContent,
        ...attributes.map(({ value }) => value),
      ].join("\n"),
    };
  });

// Whatever a bank's own text may hold: one line, no control characters.
const text = fc
  .tuple(
    fc.string({ unit: "grapheme-ascii", maxLength: 8 }),
    markup,
    fc.string({ unit: "grapheme", maxLength: 8 }),
  )
  .map((parts) =>
    parts
      .join("")
      .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, " ")
      .trim()
      .slice(0, 60),
  );
const escaped = (words: string) =>
  words.replace(
    /[&<>"']/g,
    (character) =>
      ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;" })[character] ?? "",
  );

test.each(challenges)(
  "a browser makes nothing but text of what a bank says: $name",
  async ({ challenge }) => {
    const { page, complaints } = await watched();
    const show = async (shown: Challenge, bank: string) => {
      documents.push(
        await htmlResponse({
          status: 200,
          body: screenOf(shown, bank),
          as: "document",
          policy: policy(),
        }),
      );
      await page.goto(`${origin}/screen/${documents.length - 1}`, { waitUntil: "load" });
      return partsOf(page);
    };
    const plain = await show(challenge, "Bank");
    for (let round = 0; round < rounds; round += 1) {
      const used: string[] = [];
      const words = () => {
        const [next = ""] = fc.sample(text, 1);
        used.push(next);
        return next;
      };
      const bank = words();
      const said = challengeSchema.parse(reworded(challenge, words, freeTexts));
      const { elements, handlers, texts } = await show(said, bank);
      expect(handlers, JSON.stringify(used)).toEqual([]);
      expect(elements, JSON.stringify(used)).toEqual(plain.elements);
      // What was sent as text is there as it was said.
      const sent = await documents.at(-1)?.clone().text();
      const seen = used.filter((each) => sent?.includes(escaped(each)));
      expect(seen.length).toBeGreaterThan(0);
      for (const each of seen) expect(texts).toContain(each);
      expect(complaints, JSON.stringify(used)).toEqual([]);
    }
    await page.close();
  },
  60_000 + rounds * 10_000,
);

test("the watch hears a script where one does run", async () => {
  const { page, complaints } = await watched();
  documents.push(
    new Response(
      '<!doctype html><link rel="icon" href="data:,"><img src="data:," onerror="ran()">',
      { headers: { "content-type": "text/html" } },
    ),
  );
  await page.goto(`${origin}/screen/${documents.length - 1}`, { waitUntil: "load" });
  await expect.poll(() => complaints).toEqual(["a script of theirs ran"]);
  await page.close();
});

test(
  "nor of the name of a bank in the piece for a page of Sage’s, which has no policy of ours",
  async () => {
    const { page, complaints } = await watched();
    for (let round = 0; round < rounds * 10; round += 1) {
      const [bank = ""] = fc.sample(text, 1);
      const piece = renderToStaticMarkup(
        <AuthrefreshFragment url={`${origin}/authrefresh/h`} bank={bank} translator={translator} />,
      );
      // Its script leaves the page; what is looked at is the page before that.
      const sent =
        `<!doctype html><html lang="en"><head><title>Sage</title><link rel="icon" ` +
        `href="data:,"></head><body>${piece.replace(/<script>.*?<\/script>/, "<script></script>")}</body></html>`;
      documents.push(
        new Response(sent, { headers: { "content-type": "text/html; charset=utf-8" } }),
      );
      await page.goto(`${origin}/screen/${documents.length - 1}`, { waitUntil: "load" });
      const { elements, handlers, texts } = await partsOf(page);
      expect(elements, bank).toEqual([
        "html",
        "head",
        "title",
        "link",
        "body",
        "section",
        "a",
        "script",
      ]);
      expect(handlers, bank).toEqual([]);
      expect(texts).toContain(bank);
      expect(complaints, bank).toEqual([]);
    }
    await page.close();
  },
  60_000 + rounds * 20_000,
);

test("and nothing but our own addresses was asked for", () => {
  expect(
    asked.filter((each) => !/^GET \/(screen\/\d+|authrefresh\/h\/status(\?time)?)$/.test(each)),
  ).toEqual([]);
});
