import { z } from "zod";
import { maxName, type SignInField } from "../credentials/sign-in-field.ts";
import { bankText, optionalBankText } from "../form-text.ts";

/**
 * A second entry that goes with the code and is no secret, such as a customer number: its name in
 * the bank's words, and what it is made of.
 */
export const codeIdentifier = z
  .strictObject({
    label: bankText(),
    hint: optionalBankText(),
    characters: z.enum(["digits", "any"]),
    minLength: z.int().min(1).max(maxName).optional(),
    maxLength: z.int().min(1).max(maxName).optional(),
  })
  .refine(({ minLength = 1, maxLength = maxName }) => minLength <= maxLength)
  .describe("`minLength` is not larger than `maxLength`.");

const code = {
  /** How many characters it has. Banks that only say how many it has at most leave this out. */
  length: z.int().min(4).max(12).optional(),
  /** The most characters it can have, where `length` is not told; 40 unless the bank says. */
  maxLength: z.int().min(1).max(40).optional(),
  /** Digits, where the bank does not say. */
  format: z.enum(["digits", "letters-and-digits"]).optional(),
  /** How long a code works from when it was made, where the bank says. */
  validMinutes: z.int().min(1).max(60).optional(),
  /** What the bank wants the person to know, in its own words. */
  note: optionalBankText(500),
  identifier: codeIdentifier.optional(),
};

/** How the code reaches the person, and what it looks like. */
export const oneTimeCodePrompt = z.discriminatedUnion("channel", [
  z.strictObject({
    channel: z.enum(["sms", "email"]),
    /** Where it was sent, as the bank masks it, for example "•••• 123"; where the bank says. */
    destination: bankText(100).optional(),
    /** Whether the bank sends another one when it is asked. */
    sendAgain: z.boolean().optional(),
    ...code,
  }),
  /** An app or a device that makes codes by itself. */
  z.strictObject({ channel: z.literal("app"), ...code }),
  z.strictObject({
    channel: z.literal("card-reader"),
    /** What is to be typed on the reader, in the bank's groups if it has any. */
    number: z
      .string()
      .regex(/^[A-Za-z0-9]+( [A-Za-z0-9]+)*$/)
      .max(40),
    ...code,
  }),
  /** Any other way, or one that is not told: `method` is what the bank calls it. */
  z.strictObject({ channel: z.literal("other"), method: optionalBankText(100), ...code }),
]);
export type OneTimeCodePrompt = z.output<typeof oneTimeCodePrompt>;

export const canSendAgain = (prompt: OneTimeCodePrompt): boolean =>
  "sendAgain" in prompt && prompt.sendAgain === true;
export const maxCode = ({ length, maxLength = 40 }: OneTimeCodePrompt): number =>
  length ?? maxLength;
export const isOfDigits = ({ format }: OneTimeCodePrompt): boolean =>
  format !== "letters-and-digits";

/** The second entry as a field of the form; undefined where the code is all there is. */
export function identifierField({
  identifier,
}: Pick<OneTimeCodePrompt, "identifier">): SignInField | undefined {
  if (!identifier) return undefined;
  const { characters, ...field } = identifier;
  return { name: "identifier", type: characters === "digits" ? "number-like" : "text", ...field };
}
