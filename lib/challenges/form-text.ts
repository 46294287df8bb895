import { z } from 'zod'
import type { MessageKey } from '../messages/reader.ts'

/**
 * A text a person must give, as it stands in the form: a missing field reads as empty. Nothing is trimmed, since a password may begin with a space.
 * @param most the longest the bank takes, in characters.
 */
export function formText(missing: MessageKey, tooLong: MessageKey, most: number) {
  return z
    .string()
    .default('')
    .superRefine((value, context) => {
      if (value.trim() === '') context.addIssue(missing)
      else if (value.length > most) context.addIssue(tooLong)
    })
}

/** A text of the bank's that is shown on a screen: one line, without control characters. */
export const bankText = (most: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(most)
     
    .refine((value) => !/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/.test(value))
