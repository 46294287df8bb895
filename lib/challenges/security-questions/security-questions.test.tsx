import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test } from "vitest";
import { translatorFor } from "../../i18n/translator.ts";
import { type Challenge, challengeSchema } from "../index.ts";
import { readAnswer } from "../read-answer.fixture.ts";
import { ProblemText } from "../problem-text.tsx";

const asked = (...questions: { id: string; text: string }[]): Challenge => ({
  kind: "security-questions",
  prompt: { questions },
});
const two = asked(
  { id: "car", text: "What colour was your first car?" },
  { id: "pet", text: "What was the name of your first pet?" },
);

describe("security questions", () => {
  test("are answered as they were asked, and by no other field", () => {
    expect(
      readAnswer(two, {
        "answer-car": "blue",
        "answer-pet": "rover",
        "answer-x": "no",
        __proto__: "no",
      }),
    ).toEqual({
      answer: {
        kind: "security-questions",
        value: {
          answers: [
            { id: "car", text: "blue" },
            { id: "pet", text: "rover" },
          ],
        },
      },
    });
  });
  test("without an answer are told apart by their words, so that the links of the summary are", () => {
    const read = readAnswer(two, { "answer-car": "   ", "answer-pet": "" });
    if (!("problems" in read)) throw new Error("taken for an answer");
    const words = read.problems.map((problem) =>
      renderToStaticMarkup(
        <ProblemText
          problem={problem}
          translator={translatorFor("en-GB")}
          bank="Northwind Bank"
          bankLang="de"
        />,
      ),
    );
    expect(words).toEqual([
      'Enter your answer: <span lang="de" dir="auto">What colour was your first car?</span>',
      'Enter your answer: <span lang="de" dir="auto">What was the name of your first pet?</span>',
    ]);
  });
  test("of any length are named in the summary by their beginning, no character cut in half", () => {
    const read = readAnswer(asked({ id: "long", text: "🏖".repeat(500) }), {});
    expect("problems" in read && read.problems[0]?.about).toBe(`${"🏖".repeat(120)}…`);
  });
  test.each([
    ["emoji", "🐶"],
    ["full-width letters", "ｂｌｕｅ"],
    ["a control character", "bl\u0007ue"],
    ["spaces around", " blue "],
  ])("may be answered with %s: the bank knows what was chosen", (_, text) => {
    expect(readAnswer(asked({ id: "car", text: "Colour?" }), { "answer-car": text })).toEqual({
      answer: { kind: "security-questions", value: { answers: [{ id: "car", text }] } },
    });
  });
  test("take no answer that is too long, and say how long it may be", () => {
    expect(
      readAnswer(asked({ id: "car", text: "Colour?" }), { "answer-car": "x".repeat(201) }),
    ).toMatchObject({
      problems: [
        {
          field: "answer-car",
          message: { key: "security-questions.too-long", values: { max: 200 } },
          about: "Colour?",
        },
      ],
    });
  });
  test.each([
    ["none", []],
    ["six", Array.from({ length: 6 }, (_, index) => ({ id: `q${index}`, text: "Why?" }))],
    [
      "two of one id",
      [
        { id: "car", text: "Colour?" },
        { id: "car", text: "Make?" },
      ],
    ],
    ["one without words", [{ id: "car", text: " " }]],
    ["one longer than anybody reads", [{ id: "car", text: "x".repeat(4001) }]],
  ])("are refused when they are %s", (_, questions) => {
    expect(challengeSchema.safeParse(asked(...questions)).success).toBe(false);
  });
});
