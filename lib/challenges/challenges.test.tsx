import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test } from "vitest";
import { translatorFor } from "../i18n/translator.ts";
import { type ViewProps } from "./challenge.ts";
import { fieldsOf } from "./field-problem.ts";
import { type Challenge, challengeKinds, challengeSchema, kindOf } from "./index.ts";
import { readAnswer } from "./read-answer.fixture.ts";
import type { KeyboardJourneys } from "./keyboard-journey.fixture.ts";
import { ProblemText } from "./problem-text.tsx";

const translator = translatorFor("en-GB");
const shown = (props: Partial<ViewProps<unknown>> = {}) => ({
  bank: "Northwind Bank",
  translator,
  problems: [],
  fields: {},
  otherWay: false,
  ...props,
});
const examples = challengeKinds.flatMap(({ kind, examples }) =>
  examples.map(({ name, prompt }) => ({
    name: `${kind}, ${name}`,
    challenge: { kind, prompt } as Challenge,
  })),
);
const code = {
  kind: "one-time-code",
  prompt: { channel: "sms", destination: "•••• 123", length: 6 },
} as const;
const credentials = { kind: "credentials", prompt: {} } as const;
const questions: Challenge = {
  kind: "security-questions",
  prompt: { questions: [{ id: "car", text: "Colour?" }] },
};

describe.each(examples)("$name", ({ challenge }) => {
  const kind = kindOf(challenge);
  const render = (problems: ViewProps<unknown>["problems"]) =>
    renderToStaticMarkup(kind.render(shown({ problems })));
  test("is a challenge an adapter may hand over and a step may keep", () => {
    expect(challengeSchema.parse(JSON.parse(JSON.stringify(challenge)))).toEqual(challenge);
  });
  test("labels every field", () => {
    const html = render([]);
    const ids = [...html.matchAll(/<input[^>]* id="([^"]+)"/g)].map(([, id]) => id);
    expect(ids.length > 0 || /<a |<p/.test(html)).toBe(true);
    for (const id of ids) expect(html).toContain(`for="${id}"`);
  });
  test("finds every field misfilled when nothing was entered, and puts the words beside it", () => {
    const read = readAnswer(challenge, {});
    if (!("problems" in read)) throw new Error("an empty form was taken for an answer");
    const html = render(read.problems);
    for (const problem of read.problems) {
      const words = renderToStaticMarkup(
        <ProblemText problem={problem} translator={translator} bank="Northwind Bank" />,
      );
      expect(words).not.toBe("");
      // What belongs to no field stands in the error summary alone.
      if (problem.field === null) continue;
      expect(html).toContain(`id="reauth-${problem.field}"`);
      expect(html).toContain(`id="reauth-${problem.field}-error"`);
      expect(html).toContain(words);
    }
    expect(html.match(/aria-invalid="true"/g) ?? []).toHaveLength(
      read.problems.flatMap(fieldsOf).length,
    );
  });
  test("has words for every problem of an answer", () => {
    for (const { key, field } of Object.values(kind.problems)) {
      expect(translator.t(key, { bank: "Northwind Bank", ...kind.values })).not.toBe("");
      if (field !== null) expect(render([])).toContain(`name="${field}"`);
    }
  });
});

describe("the answer", () => {
  test("leaves a password as it was typed", () => {
    expect(readAnswer(credentials, { username: "ada", password: "  ün1cödé \t" })).toEqual({
      answer: { kind: "credentials", value: { username: "ada", password: "  ün1cödé \t" } },
    });
  });
  test("names each missing or over-long field", () => {
    expect(readAnswer(credentials, { username: " ", password: "p".repeat(1001) })).toMatchObject({
      problems: [
        { field: "username", message: { key: "credentials.username-missing" } },
        {
          field: "password",
          message: { key: "credentials.password-too-long", values: { max: 1000 } },
        },
      ],
    });
  });
});

describe("a prompt of a bank", () => {
  test.each([
    ["of an unknown kind", { kind: "riddle", prompt: {} }],
    ["with a field more", { kind: "credentials", prompt: { html: "<b>" } }],
    [
      "with a length out of bounds",
      { kind: "one-time-code", prompt: { ...code.prompt, length: 400 } },
    ],
    [
      "with nothing to be seen where something must stand",
      { kind: "one-time-code", prompt: { ...code.prompt, destination: " \n\u2067\u200b\u0007" } },
    ],
    [
      "with a text that is too long",
      { kind: "one-time-code", prompt: { ...code.prompt, destination: "😀".repeat(101) } },
    ],
    ["without a question", { kind: "security-questions", prompt: { questions: [] } }],
    [
      "with a question id that is no name",
      { kind: "security-questions", prompt: { questions: [{ id: '"><script>', text: "x" }] } },
    ],
  ])("is refused %s", (_, challenge) => {
    expect(challengeSchema.safeParse(challenge).success).toBe(false);
  });
  test.each([
    ["a line break", "Line one\r\nline two\nthree", "Line one line two three"],
    [
      "a line of its own",
      "\n  In the app \u2028\u2029 choose More.\t\n",
      "In the app choose More.",
    ],
    ["isolates", "Sent to \u2068+49 160\u2069 now", "Sent to +49 160 now"],
    ["an override", "a\u202egnp.exe\u202c", "agnp.exe"],
    ["other marks of direction", "\u200e\u061ca\u200f", "a"],
    ["control characters", "a\u0000\u0007\u001b[31mb\u009b", "a[31mb"],
    ["half of a character", "a\ud83d", "a\ufffd"],
    ["what belongs to a text", "Zoë\u00a0: 👩‍👩‍👧 «l’eau»", "Zoë\u00a0: 👩‍👩‍👧 «l’eau»"],
    [
      "as many characters as it may have, though each is two units",
      "😀".repeat(500),
      "😀".repeat(500),
    ],
  ])("has its texts cleaned, and not refused: %s", (_, note, shownAs) => {
    expect(
      challengeSchema.parse({ kind: "one-time-code", prompt: { ...code.prompt, note } }),
    ).toEqual({ kind: "one-time-code", prompt: { ...code.prompt, note: shownAs } });
  });
  test.each(["", " ", "\n", "\u2066\u2069", "\u200b\u0000"])(
    "has no note where %j is one",
    (note) => {
      expect(
        challengeSchema.parse({ kind: "one-time-code", prompt: { ...code.prompt, note } }),
      ).toEqual({ kind: "one-time-code", prompt: code.prompt });
    },
  );
  test("is the same when it was cleaned before, as a stored one is", () => {
    const once = challengeSchema.parse({
      kind: "message",
      prompt: { phase: "verify", title: "\n", paragraphs: ["a\n b", " ", "c\u2069"] },
    });
    expect(once).toEqual({
      kind: "message",
      prompt: { phase: "verify", paragraphs: ["a b", "c"] },
    });
    expect(challengeSchema.parse(JSON.parse(JSON.stringify(once)))).toEqual(once);
  });
  test("is tagged with its language where that is not the page’s, and runs in its own direction", () => {
    const render = (bankLang?: string) =>
      renderToStaticMarkup(kindOf(questions).render(shown({ bankLang })));
    expect(render("de")).toContain('<span lang="de" dir="auto">Colour?</span>');
    expect(render()).toContain('<span dir="auto">Colour?</span>');
  });
  test("is text on the screen, whatever it holds", () => {
    const asked = kindOf({
      kind: "security-questions",
      prompt: { questions: [{ id: "a", text: "<script>alert(1)</script>" }] },
    });
    expect(renderToStaticMarkup(asked.render(shown({ bank: "<img onerror=x>" })))).not.toMatch(
      /<script|<img/,
    );
  });
});

test.each(challengeKinds)(
  "$kind has a journey by keyboard for each of its sandbox users, in keyboard.fixture.ts",
  async ({ kind, sandbox }) => {
    const { keyboardJourneys } = (await import(`./${kind}/keyboard.fixture.ts`)) as {
      keyboardJourneys: KeyboardJourneys;
    };
    const { always, gallery = {} } = keyboardJourneys;
    expect(Object.keys({ ...always, ...gallery }).toSorted()).toEqual(
      Object.keys(sandbox.users).toSorted(),
    );
    expect(Object.keys(always)).not.toEqual([]);
  },
);
