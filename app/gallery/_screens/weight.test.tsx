import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test } from "vitest";
import { challengeKinds } from "../../../lib/challenges/index.ts";
import { catalogues } from "../../../lib/i18n/catalogues.ts";
import { loadAssets } from "../../../lib/web/assets.ts";
import { GalleryScreen } from "../_pages/gallery-screen.tsx";
import { gallery } from "./gallery.ts";
import { slug } from "./story.ts";
import { galleryTranslator } from "./gallery-translator.ts";

// One first flight of a TCP connection; the document is sent as it is, since it carries tokens.
const budget = 14_336;
const { script, style } = loadAssets({});
const assets = {
  script: `https://connector.example/assets/${script.name}`,
  style: `https://connector.example/assets/${style.name}`,
};
// As long as the address of a session.
const url = `https://connector.example/authrefresh/${"h".repeat(43)}`;

// What no bank asks: fifty devices, a question of 4,000 characters. Its own words fill the page.
const beyond = [
  "method-choice.fifty-devices",
  "security-questions.five-questions-one-in-arabic-one-with-emoji-one-with-markup-one-very-long",
];
const lengthOf = (locale: string) =>
  Buffer.byteLength(Object.values(catalogues[locale as keyof typeof catalogues]).join(""));
const longest =
  Object.keys(catalogues).toSorted((one, other) => lengthOf(other) - lengthOf(one))[0] ?? "";

test("the script is at most 4 kB, compressed", () => {
  expect(script.encodings.br.byteLength).toBeLessThanOrEqual(4000);
  expect(script.encodings.gzip.byteLength).toBeLessThanOrEqual(4000);
});

describe.each(["en-GB", longest])("in %s,", (locale) => {
  const translator = galleryTranslator(locale);
  test.each(challengeKinds.map(({ kind, examples }) => [kind, examples]))(
    "document, style and script of %s are no more than a first flight, in every state, pictures aside",
    (kind, examples) => {
      const names = examples
        .map(({ name }) => `${kind}.${slug(name)}`)
        .filter((name) => !beyond.includes(name));
      const shown = gallery.filter(({ name }) =>
        names.some((start) => name.startsWith(`${start}.`)),
      );
      expect(shown.length).toBeGreaterThan(10);
      for (const story of shown) {
        const html = renderToStaticMarkup(
          <GalleryScreen story={story} url={url} translator={translator} assets={assets} />,
        ).replaceAll(/"data:(?:image|audio)[^"]*"/g, '""');
        expect
          .soft(
            Buffer.byteLength(html) +
              style.encodings.br.byteLength +
              script.encodings.br.byteLength,
            story.name,
          )
          .toBeLessThanOrEqual(budget);
      }
    },
  );
});
