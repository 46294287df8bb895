import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { FieldProblem } from "./field-problem.ts";
import { translatorFor } from "../i18n/translator.ts";
import { Field } from "../ui/field.tsx";
import { errorAt, errorIdAt } from "./challenge.ts";
import { fieldsOf } from "./field-problem.ts";
import { fieldIssues } from "./field-issues.ts";
import { fieldIssue } from "./form-text.ts";

const parts = ["day", "month", "year"];
const date = z.object({ day: z.string() }).superRefine((_, context) => {
  context.addIssue({
    ...fieldIssue("credentials.field-too-short", { about: "Born", min: 2 }, ["month", "year"]),
    path: ["day"],
  });
});

describe("an issue that is about several fields", () => {
  const [issue] = fieldIssues(date.safeParse({ day: "31" }).error!);
  const problem: FieldProblem = {
    field: issue!.field,
    alsoAt: issue!.alsoAt,
    message: { key: issue!.key, values: issue!.more },
    about: issue!.about,
  };
  const props = {
    problems: [problem],
    translator: translatorFor("en-GB"),
    bank: "Northwind Bank",
    bankLang: undefined,
  };

  test("names the first, the others, and what its words need", () => {
    expect(issue).toEqual({
      field: "day",
      alsoAt: ["month", "year"],
      key: "credentials.field-too-short",
      about: "Born",
      more: { min: 2 },
    });
    expect(fieldsOf(problem)).toEqual(parts);
    expect(fieldsOf({ field: null })).toEqual([]);
  });
  test("is said once, and every field is marked and described by the words", () => {
    const html = renderToStaticMarkup(
      <>
        {parts.map((name) => (
          <Field
            key={name}
            name={name}
            label={name}
            autoComplete="off"
            error={errorAt(name, props)}
            errorId={errorIdAt(name, props)}
          />
        ))}
      </>,
    );
    expect(html.match(/class="error"/g)).toHaveLength(1);
    expect(html).toContain('<p class="error" id="reauth-day-error">');
    for (const name of parts)
      expect(html).toMatch(
        new RegExp(
          `<input id="reauth-${name}"[^>]*aria-invalid="true" aria-describedby="reauth-day-error"`,
        ),
      );
  });
  test("leaves a field alone that it does not name", () => {
    expect(errorAt("other", props)).toBeUndefined();
    expect(errorIdAt("other", props)).toBeUndefined();
  });
});
