import { z } from 'zod'
import { answerSchema } from '../../lib/banks/http/bank-api.ts'
import { refusalReasons } from '../../lib/banks/bank-adapter.ts'

const journey = z.array(answerSchema).min(1)

/** Whom the kit signs in as: people of a test system, with all their answers, the first one to the first challenge. */
export const peopleSchema = z.strictObject({
  /** An account that `good` has. */
  externalId: z.string().min(1),
  good: journey,
  /** Of a bank of make-believe alone: it shows whatever account it is asked about. */
  confirmsAnyAccount: z.boolean().default(false),
  /** A first answer that is wrong. */
  wrong: answerSchema,
  /** Somebody who does not have that account. */
  otherAccount: journey.optional(),
  /** More journeys that end well, by a name for the report. */
  more: z.record(z.string(), journey).default({}),
  refused: z.partialRecord(z.enum(refusalReasons), journey).default({}),
  /** Somebody whose first answer takes some seconds. */
  slow: answerSchema.optional(),
})
export type People = z.output<typeof peopleSchema>

const signIn = (username: string, password = 'pass_good') => ({ kind: 'credentials' as const, value: { username, password } })
const code: People['wrong'] = { kind: 'one-time-code', value: { code: '123456' } }
const car: People['wrong'] = { kind: 'security-questions', value: { answers: [{ id: 'car', text: 'Blue' }] } }

/** The people of the reference bank. */
export const peopleOfTheReferenceBank: People = {
  confirmsAnyAccount: false,
  externalId: 'the-account-asked-for',
  good: [signIn('good')],
  wrong: signIn('good', 'not the password'),
  otherAccount: [signIn('other')],
  more: { 'one code': [signIn('sms'), code], 'a choice, then a code': [signIn('device'), { kind: 'method-choice', value: { method: 'app' } }, code], 'two rounds': [signIn('two-rounds'), code, car], 'a picture': [signIn('photo'), { kind: 'picture-code', value: { reply: '123456' } }] },
  refused: Object.fromEntries(refusalReasons.map((reason) => [reason, [signIn(reason)]])),
  slow: signIn('slow'),
}

/** The people of the sandbox (docs and README). */
export const peopleOfTheSandbox: People = {
  confirmsAnyAccount: true,
  externalId: 'an-account',
  good: [signIn('user_good')],
  wrong: signIn('user_good', 'not the password'),
  otherAccount: [signIn('user_wrong_account')],
  more: { 'one code': [signIn('user_sms'), code], 'two rounds': [signIn('user_two_rounds'), code, car] },
  refused: { locked: [signIn('user_locked')], suspended: [signIn('user_suspended')], 'password-expired': [signIn('user_password_expired')], 'action-needed': [signIn('user_action_needed')] },
  slow: signIn('user_slow'),
}
