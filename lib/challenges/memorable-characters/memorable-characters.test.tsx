import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test } from "vitest";
import { translatorFor } from "../../i18n/translator.ts";
import type { FieldProblem } from "../field-problem.ts";
import { type Challenge, challengeSchema, kindOf } from "../index.ts";
import { readAnswer } from "../read-answer.fixture.ts";

const challenge: Challenge = {
  kind: "memorable-characters",
  prompt: { positions: [2, 5, 7], length: 9 },
};
const read = (fields: Record<string, string>) => readAnswer(challenge, fields);
const render = ({
  locale = "en-GB",
  asked = challenge,
  otherWay = false,
  problems = [] as FieldProblem[],
} = {}) =>
  renderToStaticMarkup(
    kindOf(asked).render({
      bank: "Northwind Bank",
      translator: translatorFor(locale),
      bankLang: "de",
      problems,
      fields: { together: "app", "character-2": "a" },
      otherWay,
    }),
  );
const answer = (...characters: [number, string][]) => ({
  answer: {
    kind: "memorable-characters",
    value: { characters: characters.map(([position, character]) => ({ position, character })) },
  },
});
const keysOf = (fields: Record<string, string>) => {
  const result = read(fields);
  return "problems" in result
    ? result.problems.map(({ field, message }) => [
        field,
        message.key.replace("memorable-characters.", ""),
        message.values?.position,
      ])
    : [];
};

describe("characters of a memorable word", () => {
  test.each([
    ["each in its field", { "character-2": "a", "character-5": "p", "character-7": "p" }],
    [
      "with spaces around and invisible marks",
      { "character-2": " a\u200b", "character-5": "p\t", "character-7": "\u0007p" },
    ],
    ["in full width", { "character-2": "ａ", "character-5": "ｐ", "character-7": "ｐ" }],
    ["together", { together: "app" }],
    ["together, with spaces and commas", { together: " a, p; p" }],
    ["together, which counts before the single fields", { together: "app", "character-2": "x" }],
  ])("are read %s", (_, fields) => {
    expect(read(fields as Record<string, string>)).toEqual(answer([2, "a"], [5, "p"], [7, "p"]));
  });
  test("that are digits may be those of any script", () => {
    expect(read({ together: "١۲३" })).toEqual(answer([2, "1"], [5, "2"], [7, "3"]));
    expect(read({ "character-2": "٠", "character-5": "๙", "character-7": "x" })).toEqual(
      answer([2, "0"], [5, "9"], [7, "x"]),
    );
  });
  test("are handed over in the case they were typed in, an accent with its letter", () => {
    expect(read({ together: "Ae\u0301🦊" })).toEqual(answer([2, "A"], [5, "é"], [7, "🦊"]));
  });
  test("are asked for one by one where one is missing or too many", () => {
    expect(keysOf({ "character-2": "", "character-5": "pp" })).toEqual([
      ["character-2", "missing", 2],
      ["character-5", "one-only", 5],
      ["character-7", "missing", 7],
    ]);
    expect(
      keysOf({ "character-2": "x".repeat(60_000), "character-5": "p", "character-7": "  " }),
    ).toEqual([
      ["character-2", "one-only", 2],
      ["character-7", "missing", 7],
    ]);
  });
  test.each(["ap", "appp", "sandpiper", "x".repeat(60_000)])(
    "together are as many as were asked for, and not %j",
    (together) => {
      expect(keysOf({ together, "character-2": "a" })).toEqual([
        ["together", "together-wrong", undefined],
      ]);
    },
  );
});

describe("the screen of memorable characters", () => {
  test("is one group of empty fields, each named by its place in the word", () => {
    const html = render();
    expect(html).toMatch(
      /<fieldset class="characters"><legend>Characters of your memorable word<\/legend>/,
    );
    expect(
      [...html.matchAll(/<label for="reauth-character-\d+">([^<]*)</g)].map(([, label]) => label),
    ).toEqual(["2nd character of 9", "5th character of 9", "7th character of 9"]);
    expect(html).not.toMatch(/<input[^>]* value=|maxlength|autofocus/i);
  });
  test.each([
    [
      "en-GB",
      ["1st character", "2nd character", "3rd character", "11th character", "22nd character"],
    ],
    ["fr-FR", ["1er caractère", "2e caractère", "3e caractère", "11e caractère", "22e caractère"]],
    ["es-ES", ["1.er carácter", "2.º carácter", "3.er carácter", "11.º carácter", "22.º carácter"]],
    ["de-DE", ["1. Zeichen", "2. Zeichen", "3. Zeichen", "11. Zeichen", "22. Zeichen"]],
    ["pt-PT", ["1.º carácter", "2.º carácter", "3.º carácter", "11.º carácter", "22.º carácter"]],
  ])("counts as people do in %s", (locale, labels) => {
    const html = render({
      locale,
      asked: { kind: "memorable-characters", prompt: { positions: [1, 2, 3, 11, 22] } },
    });
    expect(
      [...html.matchAll(/<label for="reauth-character-\d+">([^<]*)</g)].map(([, label]) => label),
    ).toEqual(labels);
  });
  test("offers one field for all of them, out of the way until it is wanted or wrong", () => {
    expect(render()).toContain("<details><summary>Type them in one field instead</summary>");
    expect(render()).toContain("In this order: 2nd, 5th and 7th. Leave the other fields empty.");
    expect(
      render({
        problems: [
          {
            field: "together",
            message: { key: "memorable-characters.together-wrong", values: { count: 3 } },
          },
        ],
      }),
    ).toContain('<details open="">');
    expect(
      render({ asked: { kind: "memorable-characters", prompt: { positions: [4] } } }),
    ).not.toContain("<details");
  });
  test("names the bank’s other way before it asks for anything", () => {
    expect(render()).not.toContain("Use another way");
    expect(render({ otherWay: true })).toMatch(/^<p>[^<]*Use another way/);
  });
  test("says what the bank calls the word, and whether capital letters matter", () => {
    const html = render({
      asked: {
        kind: "memorable-characters",
        prompt: { positions: [1], called: "Losungswort", capitals: "matter" },
      },
    });
    expect(html).toContain('<span lang="de" dir="auto">Losungswort</span>');
    expect(html).toContain("Capital letters and small letters are not the same here.");
  });
});

describe("a prompt for memorable characters", () => {
  test.each([
    ["for none", { positions: [] }],
    ["for the same one twice", { positions: [2, 2] }],
    ["for the one before the first", { positions: [0] }],
    ["for one beyond the end", { positions: [10], length: 9 }],
    ["for half a one", { positions: [1.5] }],
    ["for eleven", { positions: Array.from({ length: 11 }, (_, index) => index + 1) }],
  ])("is refused %s", (_, prompt) => {
    expect(challengeSchema.safeParse({ kind: "memorable-characters", prompt }).success).toBe(false);
  });
});
