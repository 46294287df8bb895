import { z } from 'zod'
import { type Db, empty, sql } from '../platform/db.ts'
import { type Parameters, parametersDigest } from './parameters.ts'
import { sessionResults } from './session-result.ts'

const row = z.object({
  id: z.uuid(),
  authorisation_id: z.uuid(),
  state: z.enum(['awaiting_user', 'awaiting_bank', 'finished']),
  step: z.int(),
  locale: z.string(),
  sealed_step: z.string().nullable(),
  result: z.enum(sessionResults).nullable(),
  reason: z.string().nullable(),
  leaving: z.boolean(),
  time_over: z.boolean(),
  bank_overdue: z.boolean(),
  /** How long the bank has been asked, while it is. */
  bank_seconds: z.int().nullable(),
  /** How long until it is worth coming back, where the bank said so. */
  retry_seconds: z.int().nullable(),
  seconds_left: z.int(),
  bank_id: z.string().nullable(),
  external_id: z.string(),
  redirect_uri: z.string(),
  return_state: z.string(),
  delivery: z.enum(['not_required', 'pending', 'delivered', 'probably_applied', 'undeliverable']).nullable(),
})

/** A session with what was frozen at its claim. Times are judged by the database's clock and come as answers, not as times. */
export type SessionRecord = z.output<typeof row>

/** A state to be stored, its content sealed. */
export interface StoredStep {
  state: 'awaiting_user' | 'awaiting_bank'
  step: number
  sealedStep: string
}

/** How long a claimed step waits for its bank before it comes back with a problem, in seconds. */
export const bankDeadlineSeconds = 35

export interface SessionStore {
  find(handleDigest: Uint8Array): Promise<SessionRecord | undefined>
  /**
   * The single use: of any number of claims for one authorisation exactly one is true. Freezes the parameters and creates the session in the same statement.
   */
  claim(parameters: Parameters, session: StoredStep & { id: string; handleDigest: Uint8Array; locale: string }): Promise<boolean>
  /** Moves a running session by compare-and-set; false when another request moved it first, or its time is over. */
  advance(id: string, from: { state: StoredStep['state']; step: number }, to: StoredStep, when?: 'bank-overdue'): Promise<boolean>
  /** The person chose not to wait, for the PATCH or for the bank. */
  leave(id: string): Promise<void>
  /** The person chose another language; of several at once the last one counts. */
  speak(id: string, locale: string): Promise<void>
  /** Takes the right to ask the bank how a step stands; false while another request has it, or before it is time again. It passes on when its holder dies. */
  claimPoll(id: string, step: number): Promise<boolean>
  /** Gives the right back, to be taken again in so many seconds. */
  pollAgain(id: string, step: number, inSeconds: number): Promise<void>
}

const idRow = z.object({ id: z.uuid() })
const deadline = ({ state }: StoredStep) =>
  state === 'awaiting_bank' ? sql`now() + make_interval(secs => ${bankDeadlineSeconds})` : sql`NULL`

export function createSessionStore(db: Db): SessionStore {
  return {
    async find(handleDigest) {
      const [found] = await db.rows(
        row,
        sql`SELECT s.id, s.authorisation_id, s.state::text, s.step, s.locale, s.sealed_step, s.result::text, s.reason,
              s.leaving_at IS NOT NULL AS leaving, s.expires_at <= now() AS time_over, coalesce(s.bank_deadline_at <= now(), false) AS bank_overdue,
              ${bankDeadlineSeconds} - ceil(extract(epoch FROM s.bank_deadline_at - now()))::int AS bank_seconds,
              greatest(0, ceil(extract(epoch FROM s.retry_at - now())))::int AS retry_seconds,
              greatest(0, extract(epoch FROM s.expires_at - now()))::int AS seconds_left,
              a.bank_id, a.external_id, a.redirect_uri, a.state AS return_state, o.state::text AS delivery
            FROM sessions s JOIN authorisations a ON a.id = s.authorisation_id LEFT JOIN outcomes o ON o.authorisation_id = a.id
            WHERE s.handle_digest = ${handleDigest}`,
      )
      return found
    },

    async claim(parameters, session) {
      const digest = parametersDigest(parameters)
      const claimed = await db.rows(
        idRow,
        sql`WITH claimed AS (
              UPDATE authorisations
              SET claimed_at = now(), parameters_digest = ${digest}, parameters_fixed_at = coalesce(parameters_fixed_at, now()),
                bank_account = ${parameters.bankAccount}, external_id = ${parameters.externalId},
                redirect_uri = ${parameters.redirectUri}, state = ${parameters.state}
              WHERE id = ${parameters.authorisationId}::uuid AND claimed_at IS NULL AND expires_at > now()
                AND coalesce(parameters_digest = ${digest}, true)
              RETURNING id, expires_at
            )
            INSERT INTO sessions (id, authorisation_id, handle_digest, state, step, locale, sealed_step, bank_deadline_at, expires_at)
            SELECT ${session.id}::uuid, id, ${session.handleDigest}, ${session.state}::session_state, ${session.step}, ${session.locale},
              ${session.sealedStep}, ${deadline(session)}, expires_at
            FROM claimed
            RETURNING id`,
      )
      return claimed.length === 1
    },

    async advance(id, from, to, when) {
      const moved = await db.rows(
        idRow,
        sql`UPDATE sessions
            SET state = ${to.state}::session_state, step = ${to.step}, sealed_step = ${to.sealedStep}, bank_deadline_at = ${deadline(to)}, poll_due_at = NULL
            WHERE id = ${id}::uuid AND state = ${from.state}::session_state AND step = ${from.step} AND expires_at > now()
              ${when === 'bank-overdue' ? sql`AND bank_deadline_at <= now()` : empty}
            RETURNING id`,
      )
      return moved.length === 1
    },

    async leave(id) {
      await db.rows(
        idRow,
        sql`UPDATE sessions SET leaving_at = coalesce(leaving_at, now()) WHERE id = ${id}::uuid AND state <> 'awaiting_user' RETURNING id`,
      )
    },

    async speak(id, locale) {
      await db.rows(idRow, sql`UPDATE sessions SET locale = ${locale} WHERE id = ${id}::uuid RETURNING id`)
    },

    async claimPoll(id, step) {
      const claimed = await db.rows(
        idRow,
        sql`UPDATE sessions SET poll_due_at = now() + make_interval(secs => ${bankDeadlineSeconds})
            WHERE id = ${id}::uuid AND state = 'awaiting_user' AND step = ${step} AND expires_at > now() AND coalesce(poll_due_at <= now(), true)
            RETURNING id`,
      )
      return claimed.length === 1
    },

    async pollAgain(id, step, inSeconds) {
      await db.rows(
        idRow,
        sql`UPDATE sessions SET poll_due_at = now() + make_interval(secs => ${inSeconds})
            WHERE id = ${id}::uuid AND state = 'awaiting_user' AND step = ${step} RETURNING id`,
      )
    },
  }
}
