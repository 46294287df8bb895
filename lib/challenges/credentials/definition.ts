import { z } from 'zod'
import { continueButton, defineChallenge } from '../challenge.ts'
import { formText } from '../form-text.ts'
import { CredentialsView } from './view.tsx'
import { credentialsExamples } from './examples.ts'

/** Longest entries taken; generous, since a bank's old passwords follow rules of its own. */
const most = 200

const prompt = z.strictObject({})

/** User name and password of the person's online banking. */
export const credentials = defineChallenge({
  kind: 'credentials',
  phase: () => 'sign-in',
  prompt,
  answer: () =>
    z.object({
      username: formText('credentials.username-missing', 'credentials.username-too-long', most),
      password: formText('credentials.password-missing', 'credentials.password-too-long', most),
    }),
  values: () => ({ most }),
  heading: () => 'credentials.heading',
  problems: () => ({
    // One text for both fields: telling which one was wrong would confirm user names to a guesser.
    wrong: { field: 'username', key: 'credentials.wrong' },
    expired: { field: 'username', key: 'credentials.wrong' },
    denied: { field: 'username', key: 'credentials.wrong' },
  }),
  primary: () => continueButton,
  otherWays: () => [],
  kept: () => ['username'],
  toView: () => ({}),
  View: CredentialsView,
  examples: credentialsExamples,
})
