import { expect, test } from "vitest";
import { languageTag } from "./language-tag.ts";

test.each(["de", "pt-BR", "gsw", "zh-Hant-TW", "en-GB"])("%s is a language tag", (tag) => {
  expect(languageTag.parse(tag)).toBe(tag);
});
test.each(["", "de_DE", "German", "DE", "de-", "x", "de, en", '"><script>', "de-a-b-c-d-e"])(
  "%s is none",
  (tag) => {
    expect(languageTag.safeParse(tag).error?.issues.map(({ message }) => message)).toEqual([
      "is not a language tag such as de or pt-BR",
    ]);
  },
);
