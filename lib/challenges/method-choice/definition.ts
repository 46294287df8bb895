import { z } from "zod";
import { continueButton, defineChallenge } from "../challenge.ts";
import { bankText, optionalBankText } from "../form-text.ts";
import { methodChoiceExamples } from "./examples.ts";
import { methodChoiceAbout } from "./about.ts";
import { methodChoiceSandbox } from "./sandbox.ts";
import { MethodChoiceView } from "./view.tsx";

const method = z.strictObject({
  id: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/),
  /** A way or a device, as the bank calls it. */
  label: bankText(),
  hint: optionalBankText(),
});

const prompt = z.strictObject({
  methods: z
    .array(method)
    .min(2)
    .max(50)
    .refine((methods) => new Set(methods.map(({ id }) => id)).size === methods.length)
    .describe("Each has an id of its own."),
});

/** How the person wants to confirm, chosen before anything is sent. */
export const methodChoice = defineChallenge({
  kind: "method-choice",
  phase: () => "verify",
  prompt,
  answer: ({ methods }) =>
    z.object({
      method: z.enum(
        methods.map(({ id }) => id),
        { error: "method-choice.missing" },
      ),
    }),
  bankAnswer: z.strictObject({ method: z.string().describe("The id of a method.") }),
  values: () => ({}),
  heading: () => "method-choice.heading",
  problems: () => {
    const unusable = { field: "method", key: "method-choice.unusable" } as const;
    return { wrong: unusable, expired: unusable, denied: unusable };
  },
  primary: () => continueButton,
  otherWays: () => [],
  kept: () => ["method"],
  toView: ({ methods }) => ({ methods }),
  View: MethodChoiceView,
  examples: methodChoiceExamples,
  sandbox: methodChoiceSandbox,
  about: methodChoiceAbout,
});
