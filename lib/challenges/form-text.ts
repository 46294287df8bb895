import { z } from 'zod'
import type { MessageKey } from '../messages/reader.ts'

/** What the message of an issue needs: the bank's own words for the field (`FieldProblem.about`), and values for other placeholders. */
export interface FieldIssueParams {
  about?: string
  [value: string]: string | number
}

// A summary that links to a field names it; nobody needs all of a very long question for that.
const longestAbout = 120

/** An issue with what its message needs. */
export function fieldIssue(message: MessageKey, { about, ...values }: FieldIssueParams = {}) {
  const letters = [...(about ?? '')]
  const named = about === undefined ? {} : { about: letters.length > longestAbout ? `${letters.slice(0, longestAbout).join('')}…` : about }
  return { code: 'custom' as const, message, params: { ...values, ...named } }
}

/**
 * A text a person must give, as it stands in the form: a missing field reads as empty. Nothing is trimmed, since a password may begin with a space.
 * @param most the longest we take, in characters; `{most}` in the message.
 * @param about the bank's own words for the field, where its messages name it.
 */
export function formText(missing: MessageKey, tooLong: MessageKey, most: number, about?: string) {
  const issue = (message: MessageKey) => fieldIssue(message, { most, ...(about === undefined ? {} : { about }) })
  return z
    .string()
    .default('')
    .superRefine((value, context) => {
      if (value.trim() === '') context.addIssue(issue(missing))
      else if (value.length > most) context.addIssue(issue(tooLong))
    })
}

/** What people paste for a code or a number: without spaces, dashes of every kind and zero-width marks, and with full-width digits made plain by NFKC (accessibility bar A9). */
export const bareCode = (typed: string): string => typed.normalize('NFKC').replace(/[\s\p{Pd}\p{Cf}.]/gu, '')

/** The longest text of a bank's that is shown; it wraps, whatever it is. */
export const longestText = 4000

/** A text of the bank's that is shown on a screen: one line, without control characters. */
export const bankText = (most = longestText) =>
  z
    .string()
    .trim()
    .min(1)
    .max(most)
    .refine((value) => !/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/.test(value))
