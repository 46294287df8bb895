import { describe, expect, test } from "vitest";
import { catalogues, type MessageKey } from "./catalogues.ts";
import { placeholdersOf } from "./icu.fixture.ts";
import { translatorFor } from "./translator.ts";
import { readingAge, syllablesOf } from "./reading-age.fixture.ts";

/** Accessibility bar A15. */
const oldest = 9;

const { t } = translatorFor("en-GB");
const messages = Object.entries(catalogues["en-GB"]) as [MessageKey, string][];

/** What usually stands in a placeholder: a plain name, or a number. */
const samples: Record<string, string> = {
  bank: "Your Bank",
  heading: "Sign in",
  destination: "your phone",
  device: "your phone",
};
const sampleValue = (name: string, type: string, options: readonly string[]) =>
  type === "select" ? (options[0] ?? "") : type === "plain" ? (samples[name] ?? 6) : 2;
const filled = ([key, message]: [MessageKey, string]) =>
  t(
    key,
    Object.fromEntries(
      placeholdersOf(message, "en-GB").map(({ name, type, options }) => [
        name,
        sampleValue(name, type, options),
      ]),
    ),
  );

// The texts that stand together: those of an ending or an error, those of a kind of question, and
// those that every screen has.
const screenOf = (key: MessageKey) =>
  /^(page|phase|language|notice|error\.service|error\.try-again)\b/.test(key)
    ? "every screen"
    : (/^(?:authorised|refused|failed|error)\.[a-z-]+(?=\.)|^[a-z-]+/.exec(key)?.[0] ?? key);
const screens = [...new Set(messages.map(([key]) => screenOf(key)))].map((screen) => ({
  screen,
  texts: messages.filter(([key]) => screenOf(key) === screen).map(filled),
}));

describe("the British texts", () => {
  test.each(screens)("of $screen can be read at nine", ({ texts }) => {
    expect(readingAge(texts.join("\n"))).toBeLessThanOrEqual(oldest);
  });
});

describe("the reading age", () => {
  test("tells plain words from those of an office", () => {
    expect(readingAge("Sign in to your bank. Then go back and start again.")).toBeLessThan(7);
    expect(
      readingAge(
        "Your authorisation request could not be authenticated; resubmit the required " +
          "security credentials prior to expiration.",
      ),
    ).toBeGreaterThan(18);
  });
  test.each([
    ["bank", 1],
    ["code", 1],
    ["asked", 1],
    ["locked", 1],
    ["there", 1],
    ["account", 2],
    ["waited", 2],
    ["table", 2],
    ["passes", 2],
    ["password", 2],
    ["something", 2],
    ["somebody", 3],
    ["usual", 3],
    ["security", 4],
    ["confirmed", 2],
    ["transactions", 3],
    ["suspended", 3],
    ["you’re", 1],
    ["safely", 2],
    ["special", 2],
  ])("counts the syllables of %s", (word, count) => {
    expect(syllablesOf(word)).toBe(count);
  });
});
