import { describe, expect, test } from "vitest";
import { nameForCounting } from "./normalised-name.ts";

describe("a name is counted as one, however it is spelled:", () => {
  test.each<[of: string, counted: string, spellings: string[]]>([
    [
      "capitals and spaces",
      "adaexample",
      ["Ada Example", " ada  example ", "ADAEXAMPLE", "ａｄａ\u00a0ｅｘａｍｐｌｅ"],
    ],
    [
      "what is not to be seen",
      "adaexample",
      [
        "ada\u200bexample\u00ad",
        "ada\u2060\u200dexample\ufeff",
        "ada\u202eexample",
        "ada\ufe0fexample",
        "ada\u3164example",
        "adaexample\u115f",
        "ada\uffa0example",
      ],
    ],
    [
      "punctuation",
      "victim",
      [
        "vic-tim",
        "vic.tim",
        "v_i_c/t:i+m",
        "vic‑tim",
        "“victim”",
        "victim@",
        "vic\ttim",
        "vic\0tim",
      ],
    ],
    [
      "apostrophes that Unicode calls letters",
      "obrien",
      ["o\u2019brien", "o\u02bcbrien", "o'brien", "o\u02bbbrien"],
    ],
    ["lengthened Arabic letters", "محمد", ["محمد", "محـــمد"]],
    [
      "groups of digits",
      "48151623",
      ["4815-1623", "4815 1623", "48.15.16.23", "04815-1623", "00048151623"],
    ],
    [
      "digits of other scripts",
      "48151623",
      [
        "٤٨١٥١٦٢٣",
        "۴۸۱۵۱۶۲۳",
        "४८१५१६२३",
        "４８１５１６２３",
        "𝟺𝟾𝟷𝟻𝟷𝟼𝟸𝟹",
        "𝟒𝟖𝟏𝟓𝟏𝟔𝟐𝟑",
        "٠٤٨١٥-١٦٢٣",
        "④⑧①⑤①⑥②③",
        "⁴⁸¹⁵₁₆₂₃",
      ],
    ],
    ["accents", "jorg", ["jörg", "Jo\u0308rg", "JÖRG", "jòrg", "jørg", "ĵơřğ"]],
    [
      "ligatures and letters of two",
      "strassefluss",
      ["straßefluß", "STRASSEFLUSS", "strasseﬂuss", "STRAẞEFLUẞ", "ſtraſſefluſſ"],
    ],
    ["Turkish letters", "isikli", ["ışıklı", "IŞIKLI", "İŞİKLİ", "işikli"]],
    ["Nordic and Polish letters", "aelodzoeth", ["ælódzœþ", "ÆŁÓDŹŒÞ", "aełodzoeth"]],
    ["Greek letters", "οδοσ", ["ΟΔΟΣ", "οδος", "όδος", "ΟΔΟΣ-", "Ο.Δ.Ο.Σ"]],
    ["only noughts", "0", ["0", "000", "٠٠", "0-0"]],
  ])("%s", (_, counted, spellings) => {
    expect(new Map(spellings.map((spelling) => [spelling, nameForCounting(spelling)]))).toEqual(
      new Map(spellings.map((spelling) => [spelling, counted])),
    );
  });
  test("and once it is in that form, that is its form", () => {
    for (const name of ["Straße-7", "İŞİK", "٠٤٨", "ﷺ", "½", "Ⅷ", "한국", "ガ"])
      expect(nameForCounting(nameForCounting(name))).toBe(nameForCounting(name));
  });
});

test("other names are others", () => {
  const names = ["ada", "ad", "ada1", "ada10", "1ada", "adb", "10", "1", "ада", "王", "李"];
  expect(new Set(names.map(nameForCounting)).size).toBe(names.length);
});
test("a name of nothing but signs is counted as it was typed, and a blank one is none", () => {
  expect(["***", " *** ", "＊＊＊", "--", "\u200b", "", " \u00a0 "].map(nameForCounting)).toEqual([
    "***",
    "***",
    "***",
    "--",
    "\u200b",
    "",
    "",
  ]);
});
test("every decimal digit that there is counts as its ASCII one", () => {
  const digits = Array.from({ length: 0x11_0000 }, (_, codePoint) =>
    String.fromCodePoint(codePoint),
  ).filter((character) => /\p{Nd}/u.test(character));
  expect(digits.length).toBeGreaterThan(600);
  expect(
    digits.filter((digit, index) => nameForCounting(`1${digit}`) !== `1${index % 10}`),
  ).toEqual([]);
});
