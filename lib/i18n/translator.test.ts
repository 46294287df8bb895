import { describe, expect, test } from "vitest";
import { defaultLocale } from "./catalogues.ts";
import { type MessageKey, translatorFor } from "./translator.ts";

describe("a reader", () => {
  test.each(["__proto__", "constructor", "", "xx", "en-gb", "en-XA", "ar-XB"])(
    "of a locale we do not offer (%j) has the default one",
    (locale) => {
      expect(translatorFor(locale).locale).toBe(defaultLocale);
    },
  );
  test("is made once", () => {
    expect(translatorFor("de-DE")).toBe(translatorFor("de-DE"));
  });
});

describe("a message", () => {
  const { t } = translatorFor("en-GB");
  test("takes a bank's words as text and never as markup or as a message", () => {
    expect(t("credentials.heading", { bank: "<b>{x}</b> & 'Co'" })).toBe(
      "Sign in to <b>{x}</b> & 'Co'",
    );
  });
  test("counts", () => {
    expect([
      t("security-questions.heading", { count: 1 }),
      t("security-questions.heading", { count: 2 }),
    ]).toEqual(["Answer your security question", "Answer your security questions"]);
  });
  test("counts as each language does", () => {
    const minutes = (locale: string) =>
      [0, 1, 2].map(
        (count) =>
          translatorFor(locale)
            .t("page.time-limit", { minutes: count })
            .split(/ (?:pour|para|Zeit)/)[0],
      );
    expect(minutes("fr-FR")).toEqual([
      "Vous avez moins d’une minute",
      "Vous avez environ 1 minute",
      "Vous avez environ 2 minutes",
    ]);
    expect(minutes("de-DE")).toEqual([
      "Sie haben weniger als eine Minute",
      "Sie haben etwa 1 Minute",
      "Sie haben etwa 2 Minuten",
    ]);
    expect(minutes("pt-PT")).toEqual([
      "Tem menos de um minuto",
      "Tem cerca de 1 minuto",
      "Tem cerca de 2 minutos",
    ]);
  });
});

test("a text that is not ours is an error that names it", () => {
  expect(() => translatorFor("en-GB").t("Too big" as MessageKey)).toThrow("“Too big”");
});
