import { z } from 'zod'
import { answerProblems } from '../challenges/challenge.ts'
import { challengeSchema, type Answer, type Challenge } from '../challenges/index.ts'

/** Why a bank will not let the person go on. Closed: each has words and a next action of its own on the screen. */
export const refusalReasons = ['locked', 'suspended', 'password-expired', 'action-needed', 'too-many-tries'] as const
export type RefusalReason = (typeof refusalReasons)[number]

/** What an adapter may remember between two steps. It is sealed with the session's handle and gone when the session ends. */
export type AdapterState = z.output<typeof adapterState>
// Sealed together with the challenge, which has a limit of its own; a larger state is a bug of the adapter.
const adapterState = z.json().refine((state) => JSON.stringify(state).length <= 4096)

/** What a bank says to an answer. */
export const turnSchema = z.discriminatedUnion('turn', [
  z.strictObject({
    turn: z.literal('challenge'),
    challenge: challengeSchema,
    state: adapterState.default(null),
    /** Why the last answer did not do. */
    problem: z.enum(answerProblems).optional(),
    /** Something that went well and the person should know. */
    notice: z.enum(['sent-again']).optional(),
  }),
  z.strictObject({
    turn: z.literal('authorised'),
    /** The accounts the person has access to; success is reported only if the one asked for is among them. */
    accounts: z.array(z.strictObject({ externalId: z.string().min(1).max(256) })).max(1000),
  }),
  z.strictObject({ turn: z.literal('refused'), reason: z.enum(refusalReasons) }),
])
export type Turn = z.output<typeof turnSchema>

/** What is known of a bank without asking it. */
export interface BankDescription {
  name: string
  firstChallenge: Challenge
}

/** Which bank, and which account of it, an authorisation is about. */
export interface BankRequest {
  bankId: string | null
  externalId: string
  answer: Answer
}

export interface BankCall {
  /** Aborts when the bank's time is over; what the adapter answers afterwards is dropped. */
  signal: AbortSignal
}

/**
 * A plug-in that talks to one kind of bank back end. It keeps nothing itself: what it must remember it hands back as `state`. It throws `RemoteFault` when the bank
 * is away, and anything else only for a bug.
 */
export interface BankAdapter {
  /** Name and first challenge of a bank; pure, since a GET calls it. */
  describe(bankId: string | null): BankDescription
  /** The answer to the first challenge: the bank hears of this person for the first time. */
  start(request: BankRequest, call: BankCall): Promise<z.input<typeof turnSchema>>
  /** The answer to a later challenge, with the state handed back with it. */
  answer(request: BankRequest & { challenge: Challenge; state: AdapterState }, call: BankCall): Promise<z.input<typeof turnSchema>>
}
