import { z } from 'zod'
import type { SessionResult } from '../authorisations/session.ts'
import { type Db, empty, sql } from '../platform/db.ts'
import type { OutcomeBody } from './outcome.ts'

/** A delivery taken under a lease: `epoch` fences every later write, and is the number of the attempt recorded with it. */
export interface Delivery {
  authorisationId: string
  epoch: number
  body: unknown
  /** How long to wait for this delivery's turn at the Provider API, in milliseconds. */
  waitMs: number
}

/** What an attempt came to, as the outbox keeps it. */
export interface AttemptRecord {
  result: 'applied' | 'rejected' | 'postponed' | 'unclear'
  status?: number | undefined
  failure?: string | undefined
}

export type Settled = 'delivered' | 'pending' | 'probably_applied' | 'undeliverable'

export interface Ending {
  sessionId: string
  result: SessionResult
  reason: string | null
  body: OutcomeBody | null
  /** When it is worth coming back, in seconds from now; where the bank says. */
  retryAfterSeconds?: number | undefined
  /** The step that ends; absent when the session ends from wherever it stands (cancelled, expired). */
  from?: { state: 'awaiting_user' | 'awaiting_bank'; step: number }
}

export interface OutboxStore {
  /**
   * Ends a session and writes its outcome, in one statement: there is no moment with one and not the other.
   * @returns false when the session has moved on or ended; or, but for an expiry, when its time is over.
   */
  finish(ending: Ending): Promise<boolean>
  /** Ends sessions whose time is over and who nobody looks at any more; at most `limit` of them. @returns how many. */
  finishOverdue(body: OutcomeBody | null, limit: number): Promise<number>
  /** Takes the next due delivery, or that of one authorisation: leases it, records the attempt and reserves its turn, in one statement. */
  take(options: { authorisationId?: string }): Promise<Delivery | undefined>
  /** Records what an attempt came to. @returns the state the outcome is in now, or undefined when the lease had passed on. */
  settle(delivery: Delivery, attempt: AttemptRecord, retryInMs: number): Promise<Settled | undefined>
  /** Gives up what could not be delivered until its end. @returns the ids given up. */
  giveUpOverdue(): Promise<string[]>
}

/** How long a delivery belongs to the one who took it, in seconds from its turn. */
export const leaseSeconds = 10
/** Our clock stops a session a minute before Sage's own "around 20 minutes"; that minute is left for the delivery. */
const deliveryMarginSeconds = 60

const idRow = z.object({ authorisation_id: z.uuid() })
const takenRow = idRow.extend({ lease_epoch: z.int(), body: z.json(), wait_ms: z.number() })
const settledRow = z.object({ state: z.enum(['delivered', 'pending', 'probably_applied', 'undeliverable']) })

export function createOutboxStore(db: Db, { requestsPerSecond }: { requestsPerSecond: number }): OutboxStore {
  const turn = sql`make_interval(secs => ${1 / requestsPerSecond})`

  const writeOutcomes = (body: OutcomeBody | null) => sql`
    INSERT INTO outcomes (authorisation_id, state, body, deliver_until, settled_at)
    SELECT authorisation_id, ${body ? 'pending' : 'not_required'}::delivery_state, ${body ? JSON.stringify(body) : null}::jsonb,
      expires_at + make_interval(secs => ${deliveryMarginSeconds}), ${body ? sql`NULL` : sql`now()`}::timestamptz
    FROM ended
    RETURNING authorisation_id`

  const ended = (result: SessionResult, reason: string | null, retryAfterSeconds?: number) => sql`
    UPDATE sessions SET state = 'finished', result = ${result}::session_result, reason = ${reason}, sealed_step = NULL, bank_deadline_at = NULL,
      retry_at = now() + make_interval(secs => ${retryAfterSeconds ?? null}::double precision), finished_at = now()`

  return {
    async finish({ sessionId, result, reason, body, retryAfterSeconds, from }) {
      const rows = await db.rows(
        idRow,
        sql`WITH ended AS (
              ${ended(result, reason, retryAfterSeconds)}
              WHERE id = ${sessionId}::uuid AND state <> 'finished' AND ${result === 'expired' ? sql`expires_at <= now()` : sql`expires_at > now()`}
                ${from ? sql`AND state = ${from.state}::session_state AND step = ${from.step}` : empty}
              RETURNING authorisation_id, expires_at
            ) ${writeOutcomes(body)}`,
      )
      return rows.length === 1
    },

    async finishOverdue(body, limit) {
      const rows = await db.rows(
        idRow,
        sql`WITH overdue AS (
              SELECT id FROM sessions WHERE state IN ('awaiting_user', 'awaiting_bank') AND expires_at <= now()
              LIMIT ${limit} FOR UPDATE SKIP LOCKED
            ), ended AS (
              ${ended('expired', null)}
              WHERE id IN (SELECT id FROM overdue)
              RETURNING authorisation_id, expires_at
            ) ${writeOutcomes(body)}`,
      )
      return rows.length
    },

    async take({ authorisationId }) {
      const [taken] = await db.rows(
        takenRow,
        sql`WITH due AS (
              SELECT authorisation_id FROM outcomes
              WHERE state = 'pending' AND due_at <= now() AND coalesce(lease_until <= now(), true) AND deliver_until > now()
                ${authorisationId === undefined ? empty : sql`AND authorisation_id = ${authorisationId}::uuid`}
              ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED
            ), paced AS (
              -- A turn far ahead was set by a clock that is gone (a failover). One a few seconds ahead means a queue: who waits in it should hold no lease.
              UPDATE provider_api_pace
              SET next_slot_at = CASE WHEN next_slot_at < clock_timestamp() + interval '15 seconds' THEN greatest(next_slot_at, clock_timestamp()) ELSE clock_timestamp() END + ${turn}
              WHERE EXISTS (SELECT FROM due)
                AND next_slot_at NOT BETWEEN clock_timestamp() + interval '5 seconds' AND clock_timestamp() + interval '15 seconds'
              RETURNING next_slot_at - ${turn} AS slot
            ), taken AS (
              UPDATE outcomes SET lease_epoch = lease_epoch + 1, lease_until = paced.slot + make_interval(secs => ${leaseSeconds})
              FROM due, paced WHERE outcomes.authorisation_id = due.authorisation_id
              RETURNING outcomes.authorisation_id, lease_epoch, body, extract(epoch FROM paced.slot - clock_timestamp()) * 1000 AS wait_ms
            ), recorded AS (
              INSERT INTO attempts (authorisation_id, number) SELECT authorisation_id, lease_epoch FROM taken
            )
            SELECT authorisation_id, lease_epoch, body, greatest(0, wait_ms)::float8 AS wait_ms FROM taken`,
      )
      return taken && { authorisationId: taken.authorisation_id, epoch: taken.lease_epoch, body: taken.body, waitMs: taken.wait_ms }
    },

    async settle({ authorisationId, epoch }, { result, status, failure }, retryInMs) {
      // A refusal after an attempt that may have been applied probably means that it was (domain.md, "idempotency").
      const unclearBefore = sql`EXISTS (SELECT FROM attempts WHERE authorisation_id = ${authorisationId}::uuid AND number < ${epoch}
        AND (result IS NULL OR result = 'unclear'))`
      const state = {
        applied: sql`'delivered'::delivery_state`,
        rejected: sql`(CASE WHEN ${unclearBefore} THEN 'probably_applied' ELSE 'undeliverable' END)::delivery_state`,
        postponed: sql`'pending'::delivery_state`,
        unclear: sql`'pending'::delivery_state`,
      }[result]
      const final = result === 'applied' || result === 'rejected'
      const [settled] = await db.rows(
        settledRow,
        sql`WITH held AS (
              UPDATE outcomes SET state = ${state}, lease_until = NULL, settled_at = ${final ? sql`now()` : sql`NULL`},
                -- However long we are told to wait: the last try is made while there is still time for it.
                due_at = least(now() + make_interval(secs => ${retryInMs / 1000}), greatest(now() + interval '1 second', deliver_until - interval '15 seconds'))
              WHERE authorisation_id = ${authorisationId}::uuid AND lease_epoch = ${epoch} AND state = 'pending'
              RETURNING authorisation_id, state
            ), recorded AS (
              UPDATE attempts SET finished_at = now(), result = ${result}::attempt_result, http_status = ${status ?? null}::int, failure = ${failure ?? null}
              FROM held WHERE attempts.authorisation_id = held.authorisation_id AND number = ${epoch}
            )
            SELECT state::text FROM held`,
      )
      return settled?.state
    },

    async giveUpOverdue() {
      const rows = await db.rows(
        idRow,
        sql`UPDATE outcomes SET state = 'undeliverable', settled_at = now(), lease_until = NULL
            WHERE state = 'pending' AND deliver_until <= now() AND coalesce(lease_until <= now(), true)
            RETURNING authorisation_id`,
      )
      return rows.map(({ authorisation_id }) => authorisation_id)
    },
  }
}
