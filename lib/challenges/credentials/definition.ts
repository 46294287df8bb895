import { z } from "zod";
import { continueButton, defineChallenge } from "../challenge.ts";
import { formText, typedText } from "../form-text.ts";
import { credentialsAbout } from "./about.ts";
import { credentialsSandbox } from "./sandbox.ts";
import { CredentialsView } from "./view.tsx";
import { credentialsExamples } from "./examples.ts";
import { readField } from "./read-field.ts";
import { formName, isSecret, maxName, maxSecret, signInField } from "./sign-in-field.ts";

const prompt = z.strictObject({
  /** What the bank asks for, where it is not user name and password. */
  fields: z
    .array(signInField)
    .min(1)
    .max(10)
    .refine((fields) => new Set(fields.map(({ name }) => name)).size === fields.length)
    .describe("Each has a name of its own.")
    .optional(),
  /** Whether there was a sign-in screen before this one; two screens must not have one title. */
  more: z.boolean().optional(),
});

/**
 * An entry for each field, by the bank's own name for it; `username` and `password` where it names
 * none.
 */
type SignInAnswer = Readonly<Record<string, string>>;

const usualAnswer: z.ZodType<SignInAnswer> = z.object({
  username: formText(
    "credentials.username-missing",
    "credentials.username-too-long",
    maxName,
  ).transform((name) => name.trim()),
  password: formText("credentials.password-missing", "credentials.password-too-long", maxSecret),
});

/** What a person signs in with. */
export const credentials = defineChallenge({
  kind: "credentials",
  phase: () => "sign-in",
  prompt,
  answer: ({ fields }): z.ZodType<SignInAnswer> =>
    fields
      ? z
          .object(
            Object.fromEntries(fields.map((field) => [formName(field.name), readField(field)])),
          )
          .transform((posted) =>
            Object.fromEntries(fields.map(({ name }) => [name, posted[formName(name)] ?? ""])),
          )
      : usualAnswer,
  bankAnswer: z
    .record(z.string(), typedText)
    .describe(
      "An entry for each field, by your name for it; `username` and `password` where you " +
        "named none.",
    ),
  values: () => ({}),
  heading: ({ more }) => (more ? "credentials.heading-more" : "credentials.heading"),
  problems: ({ fields }) => {
    const first = fields?.[0];
    // One text for all fields: telling which one was wrong would confirm user names to a guesser.
    const wrong = first
      ? { field: formName(first.name), key: "credentials.fields-wrong" as const }
      : { field: "username", key: "credentials.wrong" as const };
    return { wrong, expired: wrong, denied: wrong };
  },
  primary: () => continueButton,
  otherWays: () => [],
  kept: ({ fields }) =>
    fields
      ? fields.filter((field) => !isSecret(field)).map(({ name }) => formName(name))
      : ["username"],
  toView: ({ fields }) => ({ fields }),
  View: CredentialsView,
  examples: credentialsExamples,
  sandbox: credentialsSandbox,
  about: credentialsAbout,
});
