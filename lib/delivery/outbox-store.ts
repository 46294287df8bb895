import { z } from "zod";
import { expired, notExpired } from "../authorisations/expiry.ts";
import type { SessionResult } from "../authorisations/session.ts";
import { type Db, empty, sql } from "../db/db.ts";
import { type EventRouting, noEvents } from "../events/event-routing.ts";
import { type FinishedEvent, finishedEvent } from "../events/finished-event.ts";
import { type StoredUndo, undoAtEnd } from "../events/undo-row.ts";
import { createDeliveryStore, type DeliveryStore } from "./delivery-store.ts";
import type { OutcomeBody } from "./outcome.ts";

interface Ending {
  sessionId: string;
  result: SessionResult;
  reason: string | null;
  /** What the last screen tells, sealed with the session's handle. */
  sealedContent?: string | null;
  body: OutcomeBody | null;
  /** When it is worth coming back, in seconds from now; where the bank says. */
  retryAfterSeconds?: number | undefined;
  /** What the provider is told beside it. */
  event?: FinishedEvent | undefined;
  /** Sage is told only once the provider has taken its event. */
  held?: boolean | undefined;
  /** What belongs to the answer it ends with, and may have to be undone at the bank. */
  undo?: StoredUndo | undefined;
  /**
   * The step that ends; absent when the session ends from wherever it stands (cancelled, expired).
   */
  from?: { state: "awaiting_user" | "awaiting_bank"; step: number };
}

/** Outcomes: written at the end of a session, then delivered. */
export interface OutboxStore extends DeliveryStore {
  /** The event that the provider has to take before Sage is told; undefined where there is none. */
  eventBefore: (authorisationId: string) => Promise<string | undefined>;
  /**
   * Ends a session and writes its outcome, in one statement: there is no moment with one and not
   * the other.
   * @returns false when the session has moved on or ended; or, but for an expiry, when its time is
   *   over.
   */
  finish: (ending: Ending) => Promise<boolean>;
  /**
   * Ends sessions whose time is over and who nobody looks at any more; at most `limit` of them.
   * @returns how many.
   */
  finishOverdue: (body: OutcomeBody | null, limit: number) => Promise<number>;
}

/**
 * Our clock stops a session a minute before Sage's own "around 20 minutes"; that minute is left for
 * the delivery.
 */
const deliveryMarginSeconds = 60;

const endedColumns = sql`authorisation_id, expires_at, result, reason, finished_at`;
const idRow = z.object({ authorisation_id: z.uuid() });

export function createOutboxStore(
  db: Db,
  settings: { requestsPerSecond: number },
  events: EventRouting = noEvents,
): OutboxStore {
  const writeOutcomes = (
    body: OutcomeBody | null,
    { event = { accounts: [] }, held = false, undo, result }: Partial<Ending> = {},
  ) => sql`
    ${finishedEvent(events, event, sql`ended`)}
    ${undoAtEnd(undo, result === "authorised")}
    INSERT INTO outcomes (authorisation_id, state, body, held, deliver_until, settled_at)
    SELECT authorisation_id, ${body ? "pending" : "not_required"}::delivery_state,
      ${body ? JSON.stringify(body) : null}::jsonb, ${held && body !== null},
      expires_at + make_interval(secs => ${deliveryMarginSeconds}),
        ${body ? sql`NULL` : sql`now()`}::timestamptz
    FROM ended
    RETURNING authorisation_id`;

  const ended = ({
    result,
    reason,
    retryAfterSeconds,
    sealedContent,
  }: Pick<Ending, "result" | "reason" | "retryAfterSeconds" | "sealedContent">) => sql`
    UPDATE sessions SET state = 'finished', result = ${result}::session_result,
      reason = ${reason}, sealed_step = ${sealedContent ?? null}, bank_deadline_at = NULL,
      retry_at = now() + make_interval(secs => ${retryAfterSeconds ?? null}::double precision),
        finished_at = now()`;

  return {
    ...createDeliveryStore(db, settings, events),

    async eventBefore(authorisationId) {
      const [event] = await db.rows(
        z.object({ id: z.uuid() }),
        sql`SELECT outbox.id FROM outcomes JOIN outbox USING (authorisation_id)
          WHERE authorisation_id = ${authorisationId}::uuid AND held
            AND type = 'reauthorisation.finished' AND outbox.state = 'pending'`,
      );
      return event?.id;
    },

    async finish(ending) {
      const { sessionId, body, from } = ending;
      const rows = await db.rows(
        idRow,
        sql`WITH ended AS (
              ${ended(ending)}
              WHERE id = ${sessionId}::uuid AND state <> 'finished'
                AND ${ending.result === "expired" ? sql`NOT ${notExpired}` : notExpired}
                ${
                  from
                    ? sql`AND state = ${from.state}::session_state
                  AND step = ${from.step}`
                    : empty
                }
              RETURNING ${endedColumns}
            ) ${writeOutcomes(body, ending)}`,
      );
      return rows.length === 1;
    },

    async finishOverdue(body, limit) {
      const rows = await db.rows(
        idRow,
        sql`WITH overdue AS (
              SELECT id FROM sessions WHERE finished_at IS NULL AND ${expired()}
              ORDER BY expires_at LIMIT ${limit} FOR UPDATE SKIP LOCKED
            ), ended AS (
              ${ended({ result: "expired", reason: null })}
              WHERE id IN (SELECT id FROM overdue)
              RETURNING ${endedColumns}
            ) ${writeOutcomes(body)}`,
      );
      return rows.length;
    },
  };
}
