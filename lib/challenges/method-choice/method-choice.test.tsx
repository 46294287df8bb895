import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test } from "vitest";
import { translatorFor } from "../../i18n/translator.ts";
import type { FormFields } from "../challenge.ts";
import type { FieldProblem } from "../field-problem.ts";
import { type Challenge, challengeSchema, kindOf } from "../index.ts";
import { readAnswer } from "../read-answer.fixture.ts";

const asked = (methods: unknown[]): Challenge =>
  ({ kind: "method-choice", prompt: { methods } }) as Challenge;
const sms = { id: "sms", label: "Text message", hint: "To •••• 123" };
const app = { id: "app", label: "App" };
const challenge = asked([sms, app]);
const render = (fields: FormFields, problems: FieldProblem[] = []) =>
  renderToStaticMarkup(
    kindOf(challenge).render({
      bank: "Northwind Bank",
      translator: translatorFor("en-GB"),
      bankLang: "de",
      problems,
      fields,
      otherWay: false,
    }),
  );
const html = render({});

describe("a choice of ways", () => {
  test("is one group with a name, and nothing in it is chosen beforehand", () => {
    expect(html).toMatch(
      /<fieldset class="choices" role="radiogroup" aria-labelledby="reauth-method-legend"><legend id="reauth-method-legend">/,
    );
    expect(html.match(/type="radio"/g)).toHaveLength(2);
    expect(html).not.toContain("checked");
  });
  test("shows what the person chose again, but not after it did not work", () => {
    const chosen = render({ method: "app" });
    expect(chosen.match(/<input[^>]* checked=""[^>]*>/g)).toEqual([
      expect.stringContaining(' value="app"'),
    ]);
    expect(
      render({ method: "app" }, [{ field: "method", message: { key: "method-choice.unusable" } }]),
    ).not.toContain("checked");
    expect(render({ method: "pigeon" })).not.toContain("checked");
  });
  test("gives the first button the id that the error summary links to", () => {
    expect(
      [...html.matchAll(/<input type="radio" id="([^"]+)"[^>]* value="([^"]+)"/g)].map(
        ([, id, value]) => [id, value],
      ),
    ).toEqual([
      ["reauth-method", "sms"],
      ["reauth-method-2", "app"],
    ]);
  });
  test("names a button by its label and describes it by its hint, both in the bank’s language", () => {
    expect(html).toContain(
      'aria-labelledby="reauth-method-label" aria-describedby="reauth-method-hint"',
    );
    expect(html).toContain(
      '<span id="reauth-method-label"><span lang="de" dir="auto">Text message</span></span>',
    );
    expect(html).toContain(
      '<span class="hint" id="reauth-method-hint"><span lang="de" dir="auto">To •••• ' +
        "123</span></span>",
    );
  });
  test("is answered by the id of one of them", () => {
    expect(readAnswer(challenge, { method: "app" })).toEqual({
      answer: { kind: "method-choice", value: { method: "app" } },
    });
  });
  test.each([
    {},
    { method: "" },
    { method: "telepathy" },
    { method: " sms " },
    { method: "__proto__" },
    { method: "😀".repeat(30_000) },
    { method: "\u0000" },
  ])("is asked for again after %j", (fields) => {
    expect(readAnswer(challenge, fields as Record<string, string>)).toMatchObject({
      problems: [{ field: "method", message: { key: "method-choice.missing" } }],
    });
  });
  test.each([
    ["one way only", [sms]],
    [
      "more than fifty",
      Array.from({ length: 51 }, (_, index) => ({ id: `m${index}`, label: "x" })),
    ],
    ["two of one id", [sms, { ...app, id: "sms" }]],
    ["one without a label", [sms, { id: "app", label: " " }]],
    ["one with a label nobody reads to its end", [sms, { id: "app", label: "x".repeat(4001) }]],
    [
      "texts that together fit into no step",
      Array.from({ length: 50 }, (_, index) => ({ id: `m${index}`, label: "ü".repeat(4000) })),
    ],
    ["one whose id is markup", [sms, { id: '"><b>', label: "x" }]],
  ])("is refused with %s", (_, methods) => {
    expect(challengeSchema.safeParse(asked(methods)).success).toBe(false);
  });
});
