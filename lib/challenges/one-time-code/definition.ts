import { z } from "zod";
import { continueButton, defineChallenge } from "../challenge.ts";
import { readField } from "../credentials/read-field.ts";
import { formName } from "../credentials/sign-in-field.ts";
import { bareCode, typedText } from "../form-text.ts";
import { oneTimeCodeAbout } from "./about.ts";
import { oneTimeCodeSandbox } from "./sandbox.ts";
import { OneTimeCodeView } from "./view.tsx";
import { oneTimeCodeExamples } from "./examples.ts";
import {
  canSendAgain,
  identifierField,
  isOfDigits,
  maxCode,
  type OneTimeCodePrompt,
  oneTimeCodePrompt,
} from "./prompt.ts";
import { channelTexts, formatTextsOf } from "./texts.ts";

type CodeAnswer = { sendAgain: true } | { code: string; identifier?: string | undefined };

const enteredCode = (prompt: OneTimeCodePrompt) => {
  const field = identifierField(prompt);
  const { missing, notOne, wrongLength } = formatTextsOf(prompt);
  const shape = isOfDigits(prompt) ? /^\d+$/ : /^[A-Za-z0-9]+$/;
  const entered = z.object({
    code: z
      .string()
      .default("")
      .transform(bareCode)
      .superRefine((code, context) => {
        if (code === "") context.addIssue(missing);
        else if (!shape.test(code)) context.addIssue(notOne);
        else if (
          prompt.length === undefined
            ? code.length > maxCode(prompt)
            : code.length !== prompt.length
        )
          context.addIssue(wrongLength);
      }),
  });
  if (!field) return entered;
  const name = formName(field.name);
  return entered.and(
    z.object({ [name]: readField(field) }).transform((given) => ({ identifier: given[name] })),
  );
};

/**
 * A code for this one occasion: sent by the bank, or made by an app or a card reader. Its letters
 * are handed over in the case they were typed in.
 */
export const oneTimeCode = defineChallenge({
  kind: "one-time-code",
  phase: () => "verify",
  prompt: oneTimeCodePrompt,
  answer: (prompt): z.ZodType<CodeAnswer> =>
    canSendAgain(prompt)
      ? z.union([
          z
            .object({ action: z.literal("send-again") })
            .transform(() => ({ sendAgain: true as const })),
          enteredCode(prompt),
        ])
      : enteredCode(prompt),
  bankAnswer: z.union([
    z.strictObject({
      code: typedText,
      identifier: typedText
        .optional()
        .describe("The second entry, where you asked for one (`identifier`)."),
    }),
    z.strictObject({ sendAgain: z.literal(true) }),
  ]),
  values: (prompt) => ({ length: maxCode(prompt) }),
  heading: (prompt) =>
    prompt.channel === "card-reader"
      ? "one-time-code.heading-card-reader"
      : formatTextsOf(prompt).heading,
  problems: (prompt) => {
    const { wrong: wrongCode, expired } = channelTexts[prompt.channel];
    // One text for both: telling which one was wrong would confirm identifiers to a guesser.
    const wrong = prompt.identifier ? "credentials.fields-wrong" : wrongCode;
    return {
      wrong: { field: "code", key: wrong },
      expired: { field: "code", key: canSendAgain(prompt) ? "one-time-code.expired" : expired },
      denied: { field: "code", key: wrong },
    };
  },
  primary: () => continueButton,
  otherWays: (prompt) =>
    canSendAgain(prompt) ? [{ action: "send-again", key: "one-time-code.send-again" }] : [],
  kept: (prompt) => [identifierField(prompt) ?? []].flat().map(({ name }) => formName(name)),
  toView: (prompt) => prompt,
  View: OneTimeCodeView,
  examples: oneTimeCodeExamples,
  sandbox: oneTimeCodeSandbox,
  about: oneTimeCodeAbout,
});
