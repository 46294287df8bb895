import { z } from 'zod'
import { continueButton, defineChallenge } from '../challenge.ts'
import { bankText, bareCode } from '../form-text.ts'
import { OneTimeCodeView } from './view.tsx'
import { oneTimeCodeExamples } from './examples.ts'

const prompt = z.strictObject({
  /** How the code reaches the person. */
  channel: z.enum(['sms']),
  /** Where it was sent, as the bank masks it, for example "•••• 123". */
  destination: bankText(60),
  length: z.int().min(4).max(12),
})

/** A code that the bank sends for this one occasion. */
export const oneTimeCode = defineChallenge({
  kind: 'one-time-code',
  phase: () => 'verify',
  prompt,
  answer: ({ length }) =>
    z.union([
      z.object({ action: z.literal('send-again') }).transform(() => ({ sendAgain: true as const })),
      z.object({
        code: z
          .string()
          .default('')
          .transform(bareCode)
          .superRefine((code, context) => {
            if (code === '') context.addIssue('one-time-code.missing')
            else if (!/^\d+$/.test(code)) context.addIssue('one-time-code.not-digits')
            else if (code.length !== length) context.addIssue('one-time-code.wrong-length')
          }),
      }),
    ]),
  values: ({ length }) => ({ length }),
  heading: () => 'one-time-code.heading',
  problems: () => ({
    wrong: { field: 'code', key: 'one-time-code.wrong' },
    expired: { field: 'code', key: 'one-time-code.expired' },
    denied: { field: 'code', key: 'one-time-code.wrong' },
  }),
  primary: () => continueButton,
  otherWays: () => [{ action: 'send-again', key: 'one-time-code.send-again' }],
  kept: () => [],
  toView: ({ destination, length }) => ({ destination, length }),
  View: OneTimeCodeView,
  examples: oneTimeCodeExamples,
})
