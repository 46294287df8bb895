import { z } from "zod";
import { continueButton, defineChallenge } from "../challenge.ts";
import { bankText, formText, typedText } from "../form-text.ts";
import { securityQuestionsAbout } from "./about.ts";
import { securityQuestionsSandbox } from "./sandbox.ts";
import { SecurityQuestionsView } from "./view.tsx";
import { securityQuestionsExamples } from "./examples.ts";

const max = 200;

const prompt = z.strictObject({
  questions: z
    .array(z.strictObject({ id: z.string().regex(/^[a-z0-9-]{1,40}$/), text: bankText() }))
    .min(1)
    .max(5)
    // Two fields of one name would be one answer.
    .refine((questions) => new Set(questions.map(({ id }) => id)).size === questions.length)
    .describe("Each has an id of its own."),
});

/**
 * The form field of a question; prefixed, so that a bank's id can never be the name of a field of
 * ours.
 */
const questionField = (id: string) => `answer-${id}`;

/** Questions whose answers the person once chose; all of them on one page. */
export const securityQuestions = defineChallenge({
  kind: "security-questions",
  phase: () => "verify",
  prompt,
  answer: ({ questions }) =>
    z
      .object(
        Object.fromEntries(
          questions.map(({ id, text }) => [
            questionField(id),
            formText("security-questions.missing", "security-questions.too-long", max, text),
          ]),
        ),
      )
      .transform((fields) => ({
        answers: questions.map(({ id }) => ({ id, text: fields[questionField(id)] ?? "" })),
      })),
  bankAnswer: z.strictObject({
    answers: z.array(z.strictObject({ id: z.string(), text: typedText })),
  }),
  values: ({ questions }) => ({ count: questions.length }),
  heading: () => "security-questions.heading",
  problems: ({ questions }) => {
    const problem = {
      field: questionField(questions[0]?.id ?? ""),
      key: "security-questions.wrong" as const,
    };
    return { wrong: problem, expired: problem, denied: problem };
  },
  primary: () => continueButton,
  otherWays: () => [],
  kept: () => [],
  toView: ({ questions }) => ({
    questions: questions.map(({ id, text }) => ({ field: questionField(id), text })),
  }),
  View: SecurityQuestionsView,
  examples: securityQuestionsExamples,
  sandbox: securityQuestionsSandbox,
  about: securityQuestionsAbout,
});
