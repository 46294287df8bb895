import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test } from "vitest";
import { translatorFor } from "../../i18n/translator.ts";
import { type Challenge, challengeSchema, kindOf } from "../index.ts";
import { readAnswer } from "../read-answer.fixture.ts";
import type { SignInField } from "./sign-in-field.ts";

const usual: Challenge = { kind: "credentials", prompt: {} };
const number: SignInField = {
  name: "number",
  label: "Customer number",
  hint: "On your statement",
  type: "number-like",
  autocomplete: "username",
  minLength: 6,
  maxLength: 12,
};
const pin: SignInField = {
  name: "pin",
  label: "PIN",
  type: "password",
  inputMode: "numeric",
  minLength: 4,
  maxLength: 6,
};
const town: SignInField = { name: "town", label: "Town", type: "text", secret: true };
const asked = (...fields: SignInField[]): Challenge => ({
  kind: "credentials",
  prompt: { fields },
});
const own = asked(number, pin, town);

const render = (challenge: Challenge, fields: Record<string, string> = {}) =>
  renderToStaticMarkup(
    kindOf(challenge).render({
      bank: "Northwind Bank",
      translator: translatorFor("en-GB"),
      bankLang: "de",
      problems: [],
      fields,
      otherWay: false,
    }),
  );

describe("user name and password", () => {
  test.each([
    "a",
    "  spaces stay ",
    "ün1cödé",
    "\u0007\u200b",
    "😀😀",
    "１２３",
    "١٢٣",
    "p".repeat(1000),
  ])("the password %j goes to the bank as it was typed", (password) => {
    expect(readAnswer(usual, { username: " ada ", password })).toEqual({
      answer: { kind: "credentials", value: { username: "ada", password } },
    });
  });
  test("the user name is shown again, the password never", () => {
    const html = render(usual, { username: "ada", password: "secret" });
    expect(html).toContain('value="ada"');
    expect(html).not.toContain('secret"');
    expect(kindOf(usual).kept).toEqual(["username"]);
  });
});

describe("fields of a bank’s own", () => {
  test("are answered by the bank’s own names", () => {
    const fields = {
      "field-number": "１２ 34-56",
      "field-pin": "0000",
      "field-town": "Pau ",
      number: "no",
      username: "no",
    };
    expect(readAnswer(own, fields)).toEqual({
      answer: { kind: "credentials", value: { number: "123456", pin: "0000", town: "Pau " } },
    });
  });
  test("of digits take those of any script, and nothing else is changed", () => {
    const telephone: SignInField = {
      name: "telephone",
      label: "Telephone",
      type: "text",
      inputMode: "tel",
    };
    const fields = {
      "field-number": "١٢٣ ٤٥٦",
      "field-pin": "۰१๒٣",
      "field-town": "٧ Pau",
      "field-telephone": "+٤٩ 160",
    };
    expect(readAnswer(asked(number, pin, town, telephone), fields)).toEqual({
      answer: {
        kind: "credentials",
        value: { number: "123456", pin: "0123", town: "٧ Pau", telephone: "+49 160" },
      },
    });
  });
  test("keep what is no secret", () => {
    expect(kindOf(own).kept).toEqual(["field-number"]);
    const html = render(own, {
      "field-number": "12 34 56",
      "field-pin": "9999",
      "field-town": "Pau",
    });
    expect(html).toContain('value="12 34 56"');
    expect(html).not.toMatch(/9999|Pau/);
  });
  test("are named, described and filled in as the bank says, in its language", () => {
    const html = render(own);
    expect(html).toContain(
      '<label for="reauth-field-number"><span lang="de" dir="auto">Customer number</span></label>',
    );
    expect(html).toContain(
      '<p class="hint" id="reauth-field-number-hint"><span lang="de" dir="auto">On your ' +
        "statement</span></p>",
    );
    const inputs = [...html.matchAll(/<input[^>]*>/g)].map(([input]) =>
      ["name", "type", "autocomplete", "inputmode"].map(
        (attribute) => new RegExp(` ${attribute}="([^"]*)"`, "i").exec(input)?.[1],
      ),
    );
    expect(inputs).toEqual([
      ["field-number", "text", "username", "numeric"],
      ["field-pin", "password", "off", "numeric"],
      ["secret_field", "hidden", undefined, undefined],
      ["field-town", "text", "off", undefined],
    ]);
    expect(html).not.toContain("maxlength");
  });
  test("named as usual have the names that password managers know", () => {
    const html = render(
      asked(
        { name: "username", label: "Login", type: "text", autocomplete: "username" },
        { name: "password", label: "Kennwort", type: "password", autocomplete: "current-password" },
      ),
    );
    expect(html).toMatch(/name="username".*name="password"/);
  });
  test.each([
    ["nothing", {}, ["missing", "missing", "missing"]],
    [
      "spaces",
      { "field-number": " ", "field-pin": "  ", "field-town": "\t" },
      ["missing", "missing", "missing"],
    ],
    [
      "too little",
      { "field-number": "12345", "field-pin": "123", "field-town": "x" },
      ["too-short", "too-short"],
    ],
    [
      "too much",
      { "field-number": "1".repeat(13), "field-pin": "1234567", "field-town": "x".repeat(1001) },
      ["too-long", "too-long", "too-long"],
    ],
    [
      "letters",
      { "field-number": "abcdef", "field-pin": "abcd", "field-town": "x" },
      ["not-digits"],
    ],
    [
      "emoji",
      { "field-number": "12345😀", "field-pin": "😀😀😀😀", "field-town": "😀" },
      ["not-digits"],
    ],
    [
      "control characters",
      { "field-number": "123456\u0000", "field-pin": "\u00071234", "field-town": "\u0007" },
      ["not-digits"],
    ],
    [
      "a number of 60,000 digits",
      { "field-number": "1".repeat(60_000), "field-pin": "1234", "field-town": "x" },
      ["too-long"],
    ],
  ])("answered with %s", (_, fields, problems) => {
    const read = readAnswer(own, fields);
    expect("problems" in read && read.problems.map(({ message }) => message.key)).toEqual(
      problems.map((problem) => `credentials.field-${problem}`),
    );
  });
  test("that are wrong are not told apart", () => {
    expect(kindOf(own).problems.wrong).toEqual({
      field: "field-number",
      key: "credentials.fields-wrong",
    });
  });
  test("after a first screen have a heading of their own", () => {
    expect(kindOf({ kind: "credentials", prompt: { fields: [pin], more: true } }).heading).not.toBe(
      kindOf(usual).heading,
    );
  });
  test.each([
    ["none", []],
    ["eleven", Array.from({ length: 11 }, (_, index) => ({ ...pin, name: `f${index}` }))],
    ["two of one name", [pin, pin]],
    ["one without a label", [{ ...pin, label: "" }]],
    ["one named like a form’s own things", [{ ...pin, name: "form_token" }]],
    ["one with a limit that nothing meets", [{ ...pin, minLength: 7 }]],
    ["one to fill in with a card number", [{ ...pin, autocomplete: "cc-number" }]],
  ])("are refused when they are %s", (_, fields) => {
    expect(challengeSchema.safeParse({ kind: "credentials", prompt: { fields } }).success).toBe(
      false,
    );
  });
});
