import { z } from "zod";
import { type Db, empty, type Sql, sql } from "../db/db.ts";
import type { Lease } from "./deliverer.ts";

/** A row of the outbox, taken under a lease. */
export interface OutboxDelivery extends Lease {
  type: string;
  authorisationId: string | null;
  bankId: string | null;
  /** What an event says; as {@link import("../events/event-statements.ts")} wrote it. */
  data: Record<string, unknown>;
  /** The body of a notification as it came. */
  raw: Uint8Array | null;
  sealedUndo: string | null;
  /** When the row was written: ISO 8601, UTC. */
  createdAt: string;
}

/** What an attempt came to. */
interface OutboxAttempt {
  type: "applied" | "rejected" | "postponed";
  status?: number | undefined;
  failure?: string | undefined;
}

export interface OutboxSettled {
  state: "pending" | "delivered" | "dropped";
  /** Whether the outcome of its authorisation waited for it, and may be told to Sage now. */
  released: boolean;
  /** How long until it is due again, in milliseconds. */
  retryInMs: number;
}

export interface OutboxDeliveries {
  /** Takes the next that is due, or one of them: leases it, in one statement. */
  take: (options: { id?: string }) => Promise<OutboxDelivery | undefined>;
  /**
   * Records what an attempt came to.
   * @returns undefined when the lease had passed on: nothing was written then.
   */
  settle: (
    delivery: Lease,
    attempt: OutboxAttempt,
    retryInMs: number,
  ) => Promise<OutboxSettled | undefined>;
  /** Ends what belongs to a success that Sage was told of; at most `limit`. @returns how many. */
  endNotNeeded: (limit: number) => Promise<number>;
  /** Drops what could not be delivered until its end; at most `limit`. @returns the ids. */
  dropOverdue: (limit: number) => Promise<string[]>;
}

/** While a person or Sage waits for an event, it is tried again so soon, in seconds. */
const heldRetrySeconds = 2;

const idRow = z.object({ id: z.uuid() });
const takenRow = idRow.extend({
  type: z.string(),
  authorisation_id: z.uuid().nullable(),
  bank_id: z.string().nullable(),
  data: z.record(z.string(), z.json()),
  raw: z.instanceof(Uint8Array).nullable(),
  sealed_undo: z.string().nullable(),
  created_at: z.string(),
  lease_epoch: z.int(),
});
const settledRow = z.object({
  state: z.enum(["pending", "delivered", "dropped"]),
  released: z.boolean(),
  due_in_ms: z.int(),
});

/** What is undone at a bank only once it is certain that it does not belong to a success. */
const mayBeUndone = sql`AND EXISTS (
  SELECT FROM sessions s LEFT JOIN outcomes o ON o.authorisation_id = s.authorisation_id
  WHERE s.authorisation_id = outbox.authorisation_id AND s.state = 'finished'
    AND (NOT outbox.is_success OR o.state = 'undeliverable'))`;

/** The rows of the outbox that go to one destination. */
export function createOutboxDeliveries(
  db: Db,
  { destination, leaseSeconds }: { destination: "provider" | "bank"; leaseSeconds: number },
): OutboxDeliveries {
  const ours = sql`destination = ${destination}::outbox_destination`;
  const free = sql`state = 'pending' AND coalesce(lease_until <= now(), true)`;
  const eligible: Sql = destination === "bank" ? mayBeUndone : empty;

  return {
    async take({ id }) {
      // What the index of those that wait is of. One is found by its key, however many wait.
      const which = id === undefined ? sql`settled_at IS NULL` : sql`id = ${id}::uuid`;
      const [taken] = await db.rows(
        takenRow,
        sql`WITH due AS (
              SELECT id FROM outbox
              WHERE ${which} AND ${ours} AND ${free} AND due_at <= now() AND retry_until > now()
                ${eligible}
              ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED
            )
            UPDATE outbox SET lease_epoch = lease_epoch + 1,
              lease_until = now() + make_interval(secs => ${leaseSeconds})
            FROM due WHERE outbox.id = due.id
            RETURNING outbox.id, type, authorisation_id, bank_id, data, raw, sealed_undo,
              to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
                AS created_at, lease_epoch`,
      );
      return (
        taken && {
          id: taken.id,
          epoch: taken.lease_epoch,
          waitMs: 0,
          type: taken.type,
          authorisationId: taken.authorisation_id,
          bankId: taken.bank_id,
          data: taken.data,
          raw: taken.raw,
          sealedUndo: taken.sealed_undo,
          createdAt: taken.created_at,
        }
      );
    },

    async settle({ id, epoch }, { type, status, failure }, retryInMs) {
      const state = { applied: "delivered", rejected: "dropped", postponed: "pending" }[type];
      const final = state !== "pending";
      const isHeld = sql`EXISTS (SELECT FROM outcomes o WHERE o.held AND o.state = 'pending'
        AND o.authorisation_id = outbox.authorisation_id)`;
      const [settled] = await db.rows(
        settledRow,
        sql`WITH settled AS (
              UPDATE outbox SET state = ${state}::outbox_state, lease_until = NULL,
                last_status = ${status ?? null}::int, last_failure = ${failure ?? null},
                settled_at = ${final ? sql`now()` : sql`NULL`},
                sealed_undo = ${final ? sql`NULL` : sql`sealed_undo`},
                due_at = now() + make_interval(secs => least(${retryInMs / 1000}::float8,
                  CASE WHEN ${isHeld} THEN ${heldRetrySeconds}::float8 END))
              WHERE id = ${id}::uuid AND lease_epoch = ${epoch} AND state = 'pending'
              RETURNING authorisation_id, type, state, due_at
            ), released AS (
              UPDATE outcomes SET held = false, due_at = now() FROM settled
              WHERE outcomes.authorisation_id = settled.authorisation_id AND held
                AND settled.type = 'reauthorisation.finished' AND settled.state <> 'pending'
                AND outcomes.state = 'pending'
              RETURNING 1
            )
            SELECT state::text, EXISTS (SELECT FROM released) AS released,
              ceil(extract(epoch FROM due_at - now()) * 1000)::int AS due_in_ms
            FROM settled`,
      );
      return (
        settled && {
          state: settled.state,
          released: settled.released,
          retryInMs: settled.due_in_ms,
        }
      );
    },

    async endNotNeeded(limit) {
      const rows = await db.rows(
        idRow,
        sql`WITH told AS (
              SELECT id FROM outbox JOIN outcomes o USING (authorisation_id)
              WHERE outbox.settled_at IS NULL AND ${ours} AND outbox.due_at <= now()
                AND is_success AND o.state IN ('delivered', 'probably_applied')
              LIMIT ${limit} FOR UPDATE OF outbox SKIP LOCKED
            )
            UPDATE outbox SET state = 'not_needed', settled_at = now(), lease_until = NULL,
              sealed_undo = NULL
            FROM told WHERE outbox.id = told.id RETURNING outbox.id`,
      );
      return rows.length;
    },

    async dropOverdue(limit) {
      const rows = await db.rows(
        idRow,
        sql`WITH overdue AS (
              SELECT id FROM outbox
              WHERE settled_at IS NULL AND ${ours} AND ${free} AND retry_until <= now()
              ORDER BY due_at LIMIT ${limit} FOR UPDATE SKIP LOCKED
            )
            UPDATE outbox SET state = 'dropped', settled_at = now(), lease_until = NULL,
              sealed_undo = NULL
            FROM overdue WHERE outbox.id = overdue.id RETURNING outbox.id`,
      );
      return rows.map(({ id }) => id);
    },
  };
}
