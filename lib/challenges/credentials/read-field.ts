import { z } from "zod";
import { plainDigits } from "../../i18n/plain-digits.ts";
import { bareCode, fieldIssue } from "../form-text.ts";
import { isSecret, maxName, maxSecret, type SignInField } from "./sign-in-field.ts";

/**
 * The entry in a bank's field: refused only for what the bank says of it, and never for what a
 * password is made of.
 */
export function readField(field: SignInField) {
  return z
    .string()
    .default("")
    .transform((typed) => {
      if (field.type === "number-like") return bareCode(typed);
      // Where a bank brings up the keyboard for digits, digits are what it means; of a password
      // nothing else is changed.
      if (field.inputMode === "numeric" || field.inputMode === "tel") typed = plainDigits(typed);
      // Phones put a space after a name they complete; a password may end with one.
      return isSecret(field) ? typed : typed.trim();
    })
    .superRefine((value, context) => {
      const problem = problemWith(field, value);
      if (problem) context.addIssue(problem);
    });
}

function problemWith(
  { label: about, type, minLength: min = 1, maxLength, ...field }: SignInField,
  value: string,
) {
  const max = maxLength ?? (isSecret({ ...field, label: about, type }) ? maxSecret : maxName);
  const { length } = [...value];
  if (value.trim() === "") return fieldIssue("credentials.field-missing", { about });
  if (type === "number-like" && !/^\d+$/.test(value))
    return fieldIssue("credentials.field-not-digits", { about });
  if (length < min) return fieldIssue("credentials.field-too-short", { about, min });
  return length > max ? fieldIssue("credentials.field-too-long", { about, max }) : undefined;
}
