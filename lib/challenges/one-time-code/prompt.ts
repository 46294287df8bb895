import { z } from 'zod'
import { bankText, optionalBankText } from '../form-text.ts'

const code = {
  /** How many characters it has. Banks that only say how many it has at most leave this out. */
  length: z.int().min(4).max(12).optional(),
  /** The most characters it can have, where `length` is not told; 40 unless the bank says. */
  longest: z.int().min(1).max(40).optional(),
  /** Digits, where the bank does not say. */
  format: z.enum(['digits', 'letters-and-digits']).optional(),
  /** How long a code works from when it was made, where the bank says. */
  validMinutes: z.int().min(1).max(60).optional(),
  /** What the bank wants the person to know, in its own words. */
  note: optionalBankText(500),
}

/** How the code reaches the person, and what it looks like. */
export const oneTimeCodePrompt = z.discriminatedUnion('channel', [
  z.strictObject({
    channel: z.enum(['sms', 'email']),
    /** Where it was sent, as the bank masks it, for example "•••• 123". */
    destination: bankText(100),
    /** Whether the bank sends another one when it is asked. */
    sendAgain: z.boolean().optional(),
    ...code,
  }),
  /** An app or a device that makes codes by itself. */
  z.strictObject({ channel: z.literal('app'), ...code }),
  z.strictObject({
    channel: z.literal('card-reader'),
    /** What is to be typed on the reader, in the bank's groups if it has any. */
    number: z.string().regex(/^[A-Za-z0-9]+( [A-Za-z0-9]+)*$/).max(40),
    ...code,
  }),
])
export type OneTimeCodePrompt = z.output<typeof oneTimeCodePrompt>

export const canSendAgain = (prompt: OneTimeCodePrompt): boolean => 'sendAgain' in prompt && prompt.sendAgain === true
export const longestCode = ({ length, longest = 40 }: OneTimeCodePrompt): number => length ?? longest
export const isOfDigits = ({ format }: OneTimeCodePrompt): boolean => format !== 'letters-and-digits'
