import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test } from "vitest";
import { translatorFor } from "../../i18n/translator.ts";
import { challengeSchema, kindOf } from "../index.ts";
import { readAnswer } from "../read-answer.fixture.ts";
import type { OneTimeCodePrompt } from "./prompt.ts";

const { t, ...reader } = translatorFor("en-GB");
const asked = (prompt: OneTimeCodePrompt) => ({ kind: "one-time-code" as const, prompt });
const sms = asked({ channel: "sms", destination: "•••• 123", length: 6, sendAgain: true });
const email = asked({
  channel: "email",
  destination: "a•••@example.com",
  length: 8,
  format: "letters-and-digits",
  validMinutes: 10,
});
const app = asked({ channel: "app", length: 6 });
const cardReader = asked({ channel: "card-reader", number: "4815 1623", length: 8 });

const html = (challenge: ReturnType<typeof asked>) =>
  renderToStaticMarkup(
    kindOf(challenge).render({
      bank: "Northwind Bank",
      translator: { t, ...reader },
      problems: [],
      fields: { code: "123456" },
      otherWay: false,
    }),
  );
const codeOf = (challenge: ReturnType<typeof asked>, code: string) =>
  readAnswer(challenge, { code });

describe("a code of digits", () => {
  test.each([
    "123456",
    " 123456 ",
    "123 456",
    "123-456",
    "123–456",
    "１２３４５６",
    "12\u200b3456",
    "12.34.56",
    "12\u00ad3456",
    "١٢٣٤٥٦",
    "۱۲۳۴۵۶",
    "१२३४५६",
    "১২৩৪৫৬",
    "๑๒๓๔๕๖",
    "༡༢༣༤༥༦",
    "᠑᠒᠓᠔᠕᠖",
    "𑁧𑁨𑁩𑁪𑁫𑁬",
    "𝟙𝟚𝟛𝟜𝟝𝟞",
    "\u200f١٢٣ ٤٥٦",
    "1٢३4५६",
  ])("is taken from %j as it was meant", (entered) => {
    expect(codeOf(sms, entered)).toEqual({
      answer: { kind: "one-time-code", value: { code: "123456" } },
    });
  });
  test.each([
    ["", "missing"],
    ["   ", "missing"],
    ["12345", "wrong-length"],
    ["1234567", "wrong-length"],
    ["12345a", "not-digits"],
    ["12345\u{1F600}", "not-digits"],
    ["12345\u0007", "not-digits"],
    ["一二三四五六", "not-digits"],
    ["ⅠⅡⅢⅣⅤⅥ", "not-digits"],
    ["١٢٣٤٥", "wrong-length"],
    ["9".repeat(60_000), "wrong-length"],
  ])("is not taken from %j", (entered, problem) => {
    expect(codeOf(sms, entered)).toMatchObject({
      problems: [
        { field: "code", message: { key: `one-time-code.${problem}`, values: { length: 6 } } },
      ],
    });
  });
});

describe("a code with letters", () => {
  test.each([
    ["ab12-CD34", "ab12CD34"],
    ["ＡＢ１２ＣＤ３４", "AB12CD34"],
    ["12345678", "12345678"],
    ["ab١٢cd٣٤", "ab12cd34"],
  ])("is taken from %j, in the case it was typed in", (entered, code) => {
    expect(codeOf(email, entered)).toEqual({ answer: { kind: "one-time-code", value: { code } } });
  });
  test.each([
    ["", "heading-letters"],
    ["ab12cd3", "not-letters"],
    ["ab12cd3ü", "not-letters"],
    ["ab12cd3😀", "not-letters"],
  ])("is not taken from %j", (entered, problem) => {
    expect(codeOf(email, entered)).toMatchObject({
      problems: [{ field: "code", message: { key: `one-time-code.${problem}` } }],
    });
  });
  test("brings up the keyboard for letters", () => {
    expect(html(email)).toContain('inputMode="text"');
    expect(html(sms)).toContain('inputMode="numeric"');
  });
});

describe("a code of which the bank tells only how long it is at most", () => {
  const upTo8 = asked({ channel: "app", maxLength: 8 });
  test.each(["1", "1234", "12 34 56 78"])("is taken from %j", (entered) => {
    expect(codeOf(upTo8, entered)).toMatchObject({
      answer: { value: { code: entered.replaceAll(" ", "") } },
    });
  });
  test.each([
    ["", "one-time-code.heading-any"],
    ["123456789", "picture-code.too-long"],
    ["12a", "picture-code.not-digits"],
  ])("is not taken from %j", (entered, key) => {
    expect(codeOf(upTo8, entered)).toMatchObject({
      problems: [{ field: "code", message: { key } }],
    });
  });
  test("is asked for without a number of digits", () => {
    expect(t(kindOf(upTo8).heading, kindOf(upTo8).values)).toBe("Enter the code");
  });
});

describe("a note of the bank’s", () => {
  test("stands beside the question as text, in its own language", () => {
    const shown = renderToStaticMarkup(
      kindOf(asked({ channel: "app", length: 6, note: "<b>Hallo</b>" })).render({
        bank: "B",
        bankLang: "de",
        translator: { t, ...reader },
        problems: [],
        fields: {},
        otherWay: false,
      }),
    );
    expect(shown).toContain(
      '<p class="bank-message" lang="de" dir="auto">&lt;b&gt;Hallo&lt;/b&gt;</p>',
    );
  });
});

describe("a new code", () => {
  test("can be asked for where the bank offers it, whatever stands in the field", () => {
    expect(kindOf(sms).otherWays).toEqual([
      { action: "send-again", key: "one-time-code.send-again" },
    ]);
    expect(readAnswer(sms, { action: "send-again", code: "x" })).toEqual({
      answer: { kind: "one-time-code", value: { sendAgain: true } },
    });
    expect(t(kindOf(sms).problems.expired.key)).toContain("Ask for a new one");
  });
  test.each([
    ["email", email],
    ["app", app],
    ["card reader", cardReader],
  ])(
    "cannot be asked for by %s where it does not, and an old code is not said to be replaceable",
    (_, challenge) => {
      expect(kindOf(challenge).otherWays).toEqual([]);
      expect(readAnswer(challenge, { action: "send-again" })).toMatchObject({
        problems: [{ field: "code" }],
      });
      expect(t(kindOf(challenge).problems.expired.key)).not.toContain("Ask for a new one");
    },
  );
});

describe("a code with a second entry", () => {
  const identifier = {
    label: "Connection id",
    characters: "digits",
    minLength: 6,
    maxLength: 6,
  } as const;
  const both = asked({ channel: "app", length: 6, identifier });
  const read = (more: object) => readAnswer(both, { code: "123456", ...more });
  test.each(["481516", " 4815-16 ", "٤٨١٥١٦"])("is taken with %j as it was meant", (entered) => {
    expect(read({ "field-identifier": entered })).toEqual({
      answer: { kind: "one-time-code", value: { code: "123456", identifier: "481516" } },
    });
  });
  test.each([
    ["", "missing"],
    ["48", "too-short"],
    ["4815162", "too-long"],
    ["48151a", "not-digits"],
  ])("is not taken with %j", (entered, problem) => {
    expect(read({ "field-identifier": entered })).toMatchObject({
      problems: [
        {
          field: "field-identifier",
          about: "Connection id",
          message: { key: `credentials.field-${problem}` },
        },
      ],
    });
  });
  test("is not taken without it, and what is wrong with the code is said as well", () => {
    expect(readAnswer(both, {})).toMatchObject({
      problems: [{ field: "code" }, { field: "field-identifier" }],
    });
  });
  test("of letters, too, is taken as it was typed", () => {
    const letters = asked({
      channel: "app",
      length: 6,
      identifier: { label: "Name", characters: "any" },
    });
    expect(readAnswer(letters, { code: "123456", "field-identifier": " Ab-1 " })).toMatchObject({
      answer: { value: { identifier: "Ab-1" } },
    });
  });
  test("keeps the second entry and not the code, and says of neither that it was the wrong one", () => {
    expect(kindOf(both).kept).toEqual(["field-identifier"]);
    expect(kindOf(both).problems.wrong.key).toBe("credentials.fields-wrong");
    const shown = renderToStaticMarkup(
      kindOf(both).render({
        bank: "B",
        translator: { t, ...reader },
        problems: [],
        fields: { code: "123456", "field-identifier": "481516" },
        otherWay: false,
      }),
    );
    expect(shown).toContain("Connection id");
    expect(shown).toContain('value="481516"');
    expect(shown).not.toContain("123456");
  });
  test("has to be one that can be filled in", () => {
    expect(
      challengeSchema.safeParse(
        asked({ channel: "app", length: 6, identifier: { ...identifier, minLength: 7 } }),
      ).success,
    ).toBe(false);
  });
});

describe("a code that was sent, the bank does not say where to,", () => {
  test.each([
    ["sms", "sent the code by text message. It"],
    ["email", "sent the code by email. It"],
  ] as const)("by %s is said to be on its way, and nothing more", (channel, words) => {
    expect(html(asked({ channel, length: 6 }))).toContain(words);
    expect(html(asked({ channel, length: 6, destination: "•••• 123" }))).toContain(
      "to •••• 123. It",
    );
  });
});

describe("a code that comes in a way we know nothing of", () => {
  const other = (method?: string) =>
    asked({ channel: "other", length: 6, ...(method === undefined ? {} : { method }) });
  test("is asked for without a word of an app, and by the bank’s name for the way", () => {
    for (const [challenge, words] of [
      [other(), "Northwind Bank gives you the code."],
      [other("chipTAN"), "this way: chipTAN."],
    ] as const) {
      expect(html(challenge)).toContain(words);
      expect(html(challenge)).not.toMatch(/\bapp\b/);
      expect(t(kindOf(challenge).problems.wrong.key)).not.toMatch(/\bapp\b/);
    }
  });
});

describe("the screen of a code", () => {
  test.each([
    ["text message", sms],
    ["email", email],
    ["app", app],
    ["card reader", cardReader],
  ])("by %s has one empty field that browsers know how to fill in", (_, challenge) => {
    const [input = "", ...more] = html(challenge).match(/<input[^>]*>/g) ?? [];
    expect(more).toEqual([]);
    expect(input).toMatch(/autoComplete="one-time-code"/i);
    expect(input).not.toMatch(/ value=| maxlength=/i);
    expect(html(challenge)).not.toMatch(/security code/i);
  });
  test("by card reader shows the number in groups and says it digit by digit, each to its own reader", () => {
    expect(html(cardReader)).toContain(
      '<p class="readable"><span aria-hidden="true">4815 1623</span><span ' +
        'class="visually-hidden">4 8 1 5, 1 6 2 3</span></p>',
    );
  });
  test("groups a number that the bank did not", () => {
    expect(html(asked({ channel: "card-reader", number: "4815162342", length: 8 }))).toContain(
      '>4815 1623 42</span><span class="visually-hidden">4 8 1 5, 1 6 2 3, 4 2<',
    );
  });
  test("says how long a code works, where the bank does", () => {
    expect(html(email)).toContain("A code works for 10 minutes.");
    expect(html(sms)).not.toContain("A code works");
  });
});

describe("a prompt for a code", () => {
  test.each([
    ["by carrier pigeon", { ...app.prompt, channel: "pigeon" }],
    ["by card reader without a number", { channel: "card-reader", length: 8 }],
    ["by card reader with markup for a number", { ...cardReader.prompt, number: "<b>1</b>" }],
    ["by app, sent again", { ...app.prompt, sendAgain: true }],
    ["of no length", { ...app.prompt, length: 0 }],
  ])("is refused %s", (_, prompt) => {
    expect(challengeSchema.safeParse({ kind: "one-time-code", prompt }).success).toBe(false);
  });
});
