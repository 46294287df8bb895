import { z } from "zod";
import type { MessageKey } from "../i18n/translator.ts";
import { plainDigits } from "../i18n/plain-digits.ts";

type Values = Readonly<Record<string, string | number>>;

/**
 * What the message of an issue needs: the bank's own words for the field (`FieldProblem.about`),
 * further fields that it is about (`FieldProblem.alsoAt`), and values for other placeholders.
 */
export interface FieldIssueParams {
  about?: string;
  alsoAt?: readonly string[];
  values?: Values;
}

// A summary that links to a field names it; nobody needs all of a very long question for that.
const maxAbout = 120;

/**
 * An issue with what its message needs: a value for each placeholder, by its name, and `about`.
 * @param alsoAt further fields that it is about; `path` names the first.
 */
export function fieldIssue(
  message: MessageKey,
  { about, ...values }: Values & { about?: string } = {},
  alsoAt?: readonly string[],
) {
  const letters = [...(about ?? "")];
  const shortened = letters.length > maxAbout ? `${letters.slice(0, maxAbout).join("")}…` : about;
  const params: FieldIssueParams = {
    values,
    ...(shortened === undefined ? {} : { about: shortened }),
    ...(alsoAt === undefined ? {} : { alsoAt }),
  };
  return { code: "custom" as const, message, params };
}

/**
 * A text a person must give, as it stands in the form: a missing field reads as empty. Nothing is
 * trimmed, since a password may begin with a space.
 * @param max the longest we take, in characters; `{max}` in the message.
 * @param about the bank's own words for the field, where its messages name it.
 */
export function formText(missing: MessageKey, tooLong: MessageKey, max: number, about?: string) {
  const issue = (message: MessageKey) =>
    fieldIssue(message, { max, ...(about === undefined ? {} : { about }) });
  return z
    .string()
    .default("")
    .superRefine((value, context) => {
      if (value.trim() === "") context.addIssue(issue(missing));
      else if (value.length > max) context.addIssue(issue(tooLong));
    });
}

/** A text of a person's as the bank API sends it; no field of ours takes a longer one. */
export const typedText = z.string().max(1000);

/**
 * What people paste for a code or a number: without spaces, dashes of every kind and zero-width
 * marks, with full-width letters made plain by NFKC and the digits of any script those of ASCII
 * (accessibility bar A9).
 */
export const bareCode = (typed: string): string =>
  plainDigits(typed.normalize("NFKC").replace(/[\s\p{Pd}\p{Cf}.]/gu, ""));

/** The longest text of a bank's that is shown; it wraps, whatever it is. */
const maxText = 4000;

/**
 * What a bank's text must have one of: a character that is seen. In ranges alone, so that every
 * reader of docs/bank-api.yaml takes it.
 */
const seen =
  /[^\s\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;

/**
 * A text of a bank's as it can stand on a screen: one line, and nothing invisible in it that a
 * terminal would act on or that turns the direction of what follows (UAX #9).
 */
const cleanText = (text: string): string =>
  text
    .replace(/[\t-\r\u0085\u2028\u2029]+/g, " ")
    .replace(/[\p{Cc}\p{Bidi_Control}]+/gu, "")
    .replace(/\p{Cs}/gu, "\ufffd")
    .replace(/ {2,}/g, " ")
    .trim();

/**
 * A text of at most so many characters, counted as JSON Schema does: by code point, and not by unit
 * of UTF-16.
 */
export const textUpTo = (max: number) =>
  z
    .string()
    .refine((text) => text.length <= max || [...text].length <= max)
    .meta({ maxLength: max });

/**
 * A text of a bank's that is shown on a screen, and has something in it to be shown; it is cleaned,
 * not refused.
 */
export const bankText = (max = maxText) => textUpTo(max).regex(seen).transform(cleanText);

/**
 * A text of a bank's in paragraphs, each as {@link bankText}; those with nothing to be seen are
 * left out, and one is left.
 */
export const bankParagraphs = () =>
  z
    .array(textUpTo(maxText))
    .min(1)
    .max(20)
    .refine((paragraphs) => paragraphs.some((text) => seen.test(text)))
    .meta({ contains: { type: "string", pattern: seen.source } })
    .transform((paragraphs) => paragraphs.filter((text) => seen.test(text)).map(cleanText));

/**
 * The same as {@link bankText} where the bank may say nothing: what is empty once it is cleaned is
 * absent.
 */
export const optionalBankText = (max = maxText) =>
  textUpTo(max)
    .transform((text) => (seen.test(text) ? cleanText(text) : undefined))
    .optional();
