import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { endings } from "./endings.ts";
import { type Catalogue, catalogues, type Locale, type MessageKey } from "../i18n/catalogues.ts";
import { placeholdersOf } from "../i18n/icu.fixture.ts";

const root = path.resolve(import.meta.dirname, "../..");
const sources = ["app", "lib"].flatMap((folder) =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
    .filter(
      (file) =>
        /\.tsx?$/.test(file) &&
        !/\.(test|integration|fixture)\./.test(file) &&
        !file.startsWith("db/prisma"),
    )
    .map((file) => readFileSync(path.join(root, folder, file), "utf8")),
);
const source = sources.join("\n");

const { "en-GB": enGB, ...others } = catalogues;
const keys = Object.keys(enGB) as MessageKey[];
const translations = Object.entries<Catalogue>(others);

/** Keys that the code puts together from closed sets. */
const composed = new Set([
  ...Object.values(endings).flatMap(({ title, text }) => [title, text]),
  ...keys.filter((key) =>
    /^(phase\.(sign-in|verify|finish)|notice\.[a-z-]+|redirect\.(text|link)-(frame|window)|picture-code\.[a-z]+-(scan|read)|working\.after-\d+)$/.test(
      key,
    ),
  ),
]);

/** Texts that are the same in English and in that language, because the words are. */
const sameInEnglish: Record<Exclude<Locale, `en-${string}`>, readonly MessageKey[]> = {
  "fr-FR": [],
  "fr-CA": [],
  "es-ES": ["page.title-error"],
  "de-DE": [],
  "pt-PT": [],
};

test.each(keys)("%s is used", (key) => {
  expect(composed.has(key) || source.includes(`"${key}"`)).toBe(true);
});

describe.each(translations)("the catalogue %s", (locale, catalogue) => {
  const texts = Object.entries(catalogue) as [MessageKey, string][];

  test("has every message of en-GB, and no other", () => {
    expect(Object.keys(catalogue).toSorted()).toEqual(keys.toSorted());
  });
  test("has the placeholders of en-GB in every message", () => {
    const names = (message: string, tag: string) =>
      [...new Set(placeholdersOf(message, tag).map(({ name }) => name))].toSorted();
    for (const [key, text] of texts)
      expect.soft(names(text, locale), key).toEqual(names(enGB[key], "en-GB"));
  });
  test("formats numbers, dates, times and choices where en-GB does", () => {
    const formatted = (message: string, tag: string) =>
      placeholdersOf(message, tag).flatMap(({ name, type, options }) =>
        ["number", "date", "time", "select"].includes(type)
          ? [`${name}: ${type} ${options.toSorted().join(" ")}`]
          : [],
      );
    for (const [key, text] of texts)
      expect
        .soft(new Set(formatted(text, locale)), key)
        .toEqual(new Set(formatted(enGB[key], "en-GB")));
  });
});

test.each(Object.entries(sameInEnglish))("%s leaves nothing in English", (locale, same) => {
  const withWords = keys.filter((key) => /\p{L}/u.test(enGB[key].replace(/\{\w+\}/g, "")));
  expect(withWords.filter((key) => catalogues[locale as Locale][key] === enGB[key])).toEqual(same);
});

// A button's words in a sentence: choose “Check now”.
const named = keys.flatMap((text) =>
  keys
    .filter((button) => enGB[text].includes(`“${enGB[button]}”`))
    .map((button) => ({ text, button })),
);
const quoted = (label: string, locale: string) => {
  if (locale.startsWith("de")) return `„${label}“`;
  if (locale.startsWith("fr")) return `«\u00a0${label}\u00a0»`;
  return locale.startsWith("es") ? `«${label}»` : `“${label}”`;
};

test.each(translations)(
  "in %s a text that names a button calls it what the button says, in quotes",
  (locale, catalogue) => {
    expect(named.length).toBeGreaterThan(5);
    for (const { text, button } of named)
      expect
        .soft(catalogue[text], `${text}: ${button}`)
        .toContain(quoted(catalogue[button], locale));
  },
);

test.each(Object.entries<Catalogue>(catalogues))(
  "each message in %s can be parsed, and has a branch for every plural of the language",
  (locale, catalogue) => {
    for (const [key, text] of Object.entries(catalogue)) {
      for (const { name, type, ordinal, options } of placeholdersOf(text, locale)) {
        if (type !== "plural") continue;
        const { pluralCategories } = new Intl.PluralRules(locale, {
          type: ordinal ? "ordinal" : "cardinal",
        }).resolvedOptions();
        expect
          .soft(options.filter((option) => !option.startsWith("=")).toSorted(), `${key}: ${name}`)
          .toEqual(pluralCategories.toSorted());
      }
    }
  },
);
