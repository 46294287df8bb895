import { randomBytes, randomInt } from "node:crypto";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test } from "vitest";
import { sealEntryToken } from "../../../lib/authorisations/handles.ts";
import { catalogues } from "../../../lib/i18n/catalogues.ts";
import { translatorFor } from "../../../lib/i18n/translator.ts";
import { createSeals } from "../../../lib/crypto/seal.ts";
import { ErrorFragment } from "../../_answers/error-page.tsx";
import { AuthrefreshFragment } from "./authrefresh-fragment.tsx";

const seals = createSeals([new Uint8Array(randomBytes(32))]);
const ascii = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~-";
const random = (length: number, alphabet = ascii) =>
  Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join("");
// 256 bytes of UTF-8 each, the most that an entry request may have.
const astral = () =>
  Array.from({ length: 64 }, () => String.fromCodePoint(0x10000 + randomInt(0xf0000))).join("");
const threeByte = () =>
  Array.from({ length: 85 }, () => String.fromCodePoint(0x4e00 + randomInt(0x5000))).join("");

async function fragment(externalId: string, { length = 1, locale = "en-GB" } = {}) {
  const handle = await sealEntryToken(seals, {
    authorisationId: "a7d66d27-e9ab-40b4-850a-447a541ca263",
    bankAccount: random(128 * length),
    externalId,
    redirectUri: `https://x.sagebankdrive.com/${random(484 * length)}`,
    state: random(128 * length),
  });
  const url = `https://reauthorisation.some-provider.example/authrefresh/${handle}`;
  return {
    address: url,
    html: renderToStaticMarkup(
      <AuthrefreshFragment
        url={url}
        bank="Northwind Bank of the Northern Isles"
        translator={translatorFor(locale)}
      />,
    ),
  };
}

describe("the fragment", () => {
  test.each([
    ["of URL characters", () => random(256)],
    ["of characters outside the first plane", astral],
    ["of three-byte characters", threeByte],
  ])(
    "is at most 2 KB in every language, with everything as long as it may be and an externalId %s",
    async (_, externalId) => {
      for (const locale of Object.keys(catalogues)) {
        for (let round = 0; round < 20; round += 1) {
          expect
            .soft(Buffer.byteLength((await fragment(externalId(), { locale })).html), locale)
            .toBeLessThanOrEqual(2048);
        }
      }
    },
  );
  test("holds one absolute link, the script that follows it, and no id", async () => {
    const { address: url, html } = await fragment("account", { length: 0.25 });
    expect(html.match(/href="/g)).toHaveLength(1);
    expect(html).toContain(`href="${url}"`);
    expect(html.match(/<script>/g)).toHaveLength(1);
    expect(html).not.toContain(" id=");
  });
});

describe.each([
  ["the fragment", async () => (await fragment("account", { length: 0.25 })).html],
  [
    "a refusal in Sage’s page",
    () =>
      renderToStaticMarkup(<ErrorFragment name="refused" translator={translatorFor("en-GB")} />),
  ],
])("in %s", (_, html) => {
  test("nothing but what is there, where it stands and its colours holds against the styles of the person", async () => {
    const styles = [...(await html()).matchAll(/style="([^"]*)"/g)].map(([, style = ""]) => style);
    expect(styles).toHaveLength(2);
    for (const style of styles) {
      const important = [...style.matchAll(/([a-z-]+):[^;]*!important/g)].map(
        ([, property]) => property,
      );
      expect(important).toEqual(["display", "visibility", "position", "background", "color"]);
    }
  });
});
