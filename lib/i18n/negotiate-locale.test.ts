import { describe, expect, test } from "vitest";
import { defaultLocale } from "./catalogues.ts";
import { negotiateLocale } from "./negotiate-locale.ts";

describe("the language of a request", () => {
  test.each([
    null,
    "",
    "*",
    "tlh",
    "en",
    "en-GB",
    "en-GB,en;q=0.9",
    "xx;q=nonsense",
    "en-GB;q=0",
    ",;,q=1;",
    "__proto__",
    "en_US",
    "-",
    "constructor, toString",
  ])("is one we have for %j", (header) => {
    expect(negotiateLocale(header)).toBe(defaultLocale);
  });
  test.each([
    ["en-US", "en-US"],
    ["en-US,en;q=0.9", "en-US"],
    ["EN-us", "en-US"],
    ["fr-CA", "fr-CA"],
    ["fr-FR", "fr-FR"],
    ["de-DE", "de-DE"],
    ["es-ES", "es-ES"],
    ["pt-PT", "pt-PT"],
  ])("is exactly the one asked for: %s gives %s", (header, locale) => {
    expect(negotiateLocale(header)).toBe(locale);
  });
  test.each([
    ["en-AU", "en-GB"],
    ["en-CA,fr-CA;q=0.9", "en-GB"],
    ["fr", "fr-FR"],
    ["fr-BE", "fr-FR"],
    ["fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5", "fr-FR"],
    ["pt-BR,pt;q=0.9,en-US;q=0.8", "pt-PT"],
    ["es-MX", "es-ES"],
    ["es-419,es;q=0.9", "es-ES"],
    ["de-AT", "de-DE"],
    ["de", "de-DE"],
  ])("falls back to the same language in another region: %s gives %s", (header, locale) => {
    expect(negotiateLocale(header)).toBe(locale);
  });
  test.each([
    ["fr-CA-x-quebec", "fr-CA"],
    ["en-US-posix", "en-US"],
    ["de-DE-1996", "de-DE"],
    ["de-Latn-DE", "de-DE"],
  ])("is found by the beginning of a longer tag: %s gives %s", (header, locale) => {
    expect(negotiateLocale(header)).toBe(locale);
  });
  test.each([
    ["en;q=0.5, de;q=0.9, fr;q=0.7", "de-DE"],
    ["de;q=0.001, ja", "de-DE"],
    ["ja, zh;q=0.9, es;q=0.1", "es-ES"],
    ["de;q=1.000, fr-CA", "de-DE"],
    ["fr-CA;Q=0.2, de;Q=0.3", "de-DE"],
    ["nl;q=0.9, *;q=0.1", "en-GB"],
    ["*, de;q=0.5", "en-GB"],
  ])("follows the qualities, and the order where they are equal: %s gives %s", (header, locale) => {
    expect(negotiateLocale(header)).toBe(locale);
  });
  test.each([
    ["en, en-GB;q=0", "en-US"],
    ["fr-FR;q=0, fr", "fr-CA"],
    ["de-DE;q=0, de, es;q=0.1", "es-ES"],
    ["*, en-GB;q=0", "en-US"],
  ])("is never one that was refused where another was asked for: %s gives %s", (header, locale) => {
    expect(negotiateLocale(header)).toBe(locale);
  });
  test("is found in no time for a header of any length", () => {
    expect(negotiateLocale(",".repeat(5000) + "x".repeat(100_000))).toBe(defaultLocale);
    expect(negotiateLocale(`${"xx;q=0.9,".repeat(42)}ja,de${"-x".repeat(100)};q=0.1`)).toBe(
      defaultLocale,
    );
    expect(negotiateLocale(`de${"-x".repeat(50_000)}`)).toBe(defaultLocale);
  });
  test("survives a long list of languages", () => {
    const many = Array.from(
      { length: 30 },
      (_, index) => `x${String.fromCharCode(97 + (index % 26))};q=0.8`,
    );
    expect(negotiateLocale(["ja", "pt-BR;q=0.95", ...many].join(","))).toBe("pt-PT");
  });
});
