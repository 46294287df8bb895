import { describe, expect, test } from "vitest";
import { catalogues, type MessageKey } from "./catalogues.ts";
import { placeholdersOf } from "./icu.fixture.ts";
import { negotiateLocale } from "./negotiate-locale.ts";
import { translatorFor } from "./translator.ts";
import { testLocales, testTranslatorFor } from "./test-locales.ts";

const enGB = translatorFor("en-GB");
const messages = Object.entries(catalogues["en-GB"]) as [MessageKey, string][];
/**
 * A number stands for every placeholder: it has no letters, and every kind of placeholder takes it.
 */
const filled = (message: string) =>
  Object.fromEntries(placeholdersOf(message, "en-GB").map(({ name }) => [name, 7]));
const all = (locale: string) =>
  messages.map(
    ([key, message]) =>
      [
        enGB.t(key, filled(message)),
        testTranslatorFor(locale)?.t(key, filled(message)) ?? "",
      ] as const,
  );

test.each(testLocales)("%s is neither offered nor found by a header", (locale) => {
  expect(Object.keys(catalogues)).not.toContain(locale);
  expect(negotiateLocale(locale)).toBe("en-GB");
  expect(translatorFor(locale).locale).toBe("en-GB");
});

test.each(["en-GB", "xx", "__proto__", ""])("%j is no test locale", (locale) => {
  expect(testTranslatorFor(locale)).toBeUndefined();
});

describe("the pseudo-locale", () => {
  test("leaves no letter as it is, and puts every message in brackets", () => {
    for (const [, text] of all("en-XA")) expect.soft(text).toMatch(/^\[[^a-z]*\]$/i);
  });
  test("is about 40 % longer", () => {
    const length = (index: 0 | 1) =>
      all("en-XA").reduce((sum, pair) => sum + pair[index].length, 0);
    expect(length(1) / length(0)).toBeGreaterThan(1.3);
    expect(length(1) / length(0)).toBeLessThan(1.5);
  });
  test("keeps what is filled in, and counts", () => {
    const { t } = testTranslatorFor("en-XA") ?? enGB;
    expect(t("credentials.heading", { bank: "My {Bank}" })).toBe("[Šîîĝñ îîñ ţöö My {Bank}]");
    expect(t("security-questions.heading", { count: 1 })).not.toBe(
      t("security-questions.heading", { count: 2 }),
    );
  });
});

describe("the right-to-left locale", () => {
  test("runs from right to left", () => {
    expect(testTranslatorFor("ar-XB")).toMatchObject({ locale: "ar-XB", dir: "rtl" });
  });
  test("turns every word, and nothing but words", () => {
    for (const [english, text] of all("ar-XB")) {
      expect.soft(text.replaceAll(/[\u200f\u202c\u202e]/g, "")).toBe(english);
      expect.soft(text.replaceAll(/\u200f\u202e[^\u202c]+\u202c\u200f/g, "")).not.toMatch(/\p{L}/u);
    }
  });
});
