import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { redirectHosts } from "../config/setting-values.ts";
import { validateRedirectUri, appendState } from "./redirect-uri.ts";
import { corpusHosts, redirectUrlTricks } from "./redirect-uris.fixture.ts";

// As the setting is read (lib/config/variables.ts).
const allowed = redirectHosts.parse(corpusHosts);
const words = { ok: "followed", unparsable: "unparsable", refused: "refused" } as const;

describe("a redirect_uri", () => {
  it.each(
    redirectUrlTricks.map(
      ({ trick, url, verdict }) => [words[verdict], trick, url, verdict] as const,
    ),
  )("is %s: %s, %j", (_words, _trick, url, verdict) => {
    expect(validateRedirectUri(url, allowed)).toBe(verdict);
  });
  it("has been tried in more than two hundred ways, none of them twice", () => {
    const urls = redirectUrlTricks.map(({ url }) => url);
    expect(new Set(urls).size).toBe(urls.length);
    expect(new Set(redirectUrlTricks.map(({ trick }) => trick)).size).toBe(urls.length);
    expect(urls.length).toBeGreaterThan(200);
  });

  it("is refused where nothing is allowed", () => {
    expect(validateRedirectUri("https://money.sage.com/", [])).toBe("refused");
  });

  // Pieces that go wrong at their seams, put together in every order.
  const pieces = [
    "https:",
    "http:",
    "javascript:",
    "/",
    "//",
    "\\",
    "@",
    ":",
    "#",
    "?",
    "&",
    ".",
    "%2e",
    "%",
    "\t",
    "\n",
    " ",
    "[::1]",
    "xn--",
    "443",
    ":443",
    ":4000",
    ":4001",
    "127.0.0.1",
  ].concat(
    "money",
    "sage.com",
    ".sage.com",
    "sagebankdrive.com",
    "evil.example",
    "localhost",
    ".localhost",
    "é",
    "。",
    "0x7f000001",
    "-",
    "_",
    "https://money.sage.com",
    "http://localhost:4000",
  );
  const anyUrl = fc.oneof(
    fc.array(fc.constantFrom(...pieces), { maxLength: 9 }).map((some) => some.join("")),
    fc
      .array(fc.constantFrom(...pieces), { maxLength: 5 })
      .map((some) => `https://money.sage.com${some.join("")}`),
    fc.webUrl({ withQueryParameters: true, withFragments: true }),
    fc.string({ unit: "binary" }),
  );
  const state = fc.stringMatching(/^[A-Za-z0-9._~-]{1,128}$/);

  it("that is followed leads a browser to an allowed host, and comes back with the state and nothing else changed", () => {
    let followed = 0;
    fc.assert(
      fc.property(anyUrl, state, (raw, value) => {
        if (validateRedirectUri(raw, allowed) !== "ok") return;
        followed++;
        const url = new URL(raw);
        const onSage =
          /^([a-z0-9-]+\.)*(sage|sagebankdrive)\.com$/.test(url.host) && url.protocol === "https:";
        const onLoopback = /^(([a-z0-9-]+\.)*localhost:4000|127\.0\.0\.1:4001)$/.test(url.host);
        expect(onSage || onLoopback).toBe(true);
        expect([url.username, url.password, url.hash]).toEqual(["", "", ""]);

        const left = new URL(appendState(raw, value));
        expect([left.origin, left.pathname]).toEqual([url.origin, url.pathname]);
        const sent = [...left.searchParams];
        expect(sent).toEqual([...url.searchParams, ["state", value]]);
      }),
      { numRuns: 20_000 },
    );
    expect(followed).toBeGreaterThan(500);
  });
});

describe("the return address", () => {
  it.each([
    ["https://money.sage.com/a", "https://money.sage.com/a?state=s-1"],
    ["https://money.sage.com", "https://money.sage.com?state=s-1"],
    ["https://money.sage.com/a?x=1", "https://money.sage.com/a?x=1&state=s-1"],
    ["https://money.sage.com/a?", "https://money.sage.com/a?state=s-1"],
    ["https://money.sage.com/a?x=1&", "https://money.sage.com/a?x=1&state=s-1"],
    ["https://money.sage.com/a?x=1?", "https://money.sage.com/a?x=1?&state=s-1"],
    ["https://money.sage.com/a??", "https://money.sage.com/a??&state=s-1"],
    ["https://money.sage.com/a?state=theirs", "https://money.sage.com/a?state=theirs&state=s-1"],
    [
      "HTTPS://Money.Sage.com:443/%7ea/../b?%20",
      "HTTPS://Money.Sage.com:443/%7ea/../b?%20&state=s-1",
    ],
  ])("of %s is %s", (redirectUri, expected) => {
    expect(appendState(redirectUri, "s-1")).toBe(expected);
  });
});
