import { describe, expect, test } from "vitest";
import { catalogues } from "./catalogues.ts";
import { chosenLocale, languages, otherLanguage } from "./languages.ts";

test("the languages one can choose are those that have a catalogue", () => {
  expect(languages.map(({ locale }) => locale).toSorted()).toEqual(
    Object.keys(catalogues).toSorted(),
  );
});

test("they stand in the order of their names", () => {
  expect(languages.map(({ name }) => name)).toEqual(
    languages.map(({ name }) => name).toSorted(new Intl.Collator("en").compare),
  );
});

describe("the language in an address", () => {
  test("is the one that was chosen, whatever else stands there", () => {
    expect(chosenLocale("lang=fr-CA")).toBe("fr-CA");
    expect(chosenLocale("?a=%E0%A4%A&lang=de-DE&b")).toBe("de-DE");
  });
  test.each([
    "",
    "lang",
    "lang=",
    "lang=xx",
    "lang=de",
    "lang=de-de",
    "lang=de-DE&lang=de-DE",
    "lang=de-DE&lang=fr-FR",
    "Lang=de-DE",
    "lang[]=de-DE",
    "lang=de-DE%00",
    "lang=__proto__",
    "lang=en-XA",
    "lang=ar-XB",
    `lang=${"x".repeat(10_000)}`,
  ])("is none in %j", (query) => {
    expect(chosenLocale(query)).toBeUndefined();
  });
});

test("a text is tagged where its language is another one than the document’s", () => {
  expect([
    otherLanguage("de", "en-GB"),
    otherLanguage("en-US", "en-GB"),
    otherLanguage("pt-BR", "pt-PT"),
  ]).toEqual(["de", "en-US", "pt-BR"]);
  expect([
    otherLanguage("en", "en-GB"),
    otherLanguage("en-GB", "en-GB"),
    otherLanguage("de-de", "de-DE"),
    otherLanguage(null, "en-GB"),
    otherLanguage(undefined, "en-GB"),
  ]).toEqual([undefined, undefined, undefined, undefined, undefined]);
});
