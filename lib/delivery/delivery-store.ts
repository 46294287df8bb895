import { z } from "zod";
import { type Db, empty, sql } from "../db/db.ts";
import { type EventRouting, noEvents } from "../events/event-routing.ts";
import { reportedEvent } from "../events/finished-event.ts";
import { rateShare, pauseSeconds, pauseAfterFailures } from "./rate-limit.ts";

/**
 * A delivery taken under a lease: `epoch` fences every later write, and is the number of the
 * attempt recorded with it.
 */
export interface Delivery {
  authorisationId: string;
  epoch: number;
  body: unknown;
  /** How long until its slot at the Provider API, in milliseconds. */
  waitMs: number;
  /** Whether it is the one that tries while all others pause. */
  probe: boolean;
}

/**
 * What an attempt came to, as the outbox keeps it. `nothingLearned`: it says nothing about the
 * Provider API, such as one that was not sent.
 */
export interface AttemptRecord {
  type: "applied" | "rejected" | "postponed" | "unclear";
  status?: number | undefined;
  failure?: string | undefined;
  nothingLearned?: boolean | undefined;
}

type DeliveryState = "delivered" | "pending" | "probably_applied" | "undeliverable";

/**
 * The state an outcome is in after an attempt, and whether that attempt began or ended the pause of
 * all deliveries.
 */
export interface Settled {
  state: DeliveryState;
  pause?: "begun" | "ended" | undefined;
}

export interface DeliveryStore {
  /**
   * Takes the next due delivery, or that of one authorisation: leases it, records the attempt and
   * reserves its slot, in one statement. While deliveries pause, one at a time is given.
   */
  take: (options: { authorisationId?: string }) => Promise<Delivery | undefined>;
  /**
   * Records what an attempt came to.
   * @returns undefined when the lease had passed on: nothing was written then.
   */
  settle: (
    delivery: Delivery,
    attempt: AttemptRecord,
    retryInMs: number,
  ) => Promise<Settled | undefined>;
  /**
   * Gives up what could not be delivered until its end; at most `limit` of them.
   * @returns the ids given up.
   */
  giveUpOverdue: (limit: number) => Promise<string[]>;
}

/** How long a delivery belongs to the one who took it, in seconds from its slot. */
export const leaseSeconds = 10;

const idRow = z.object({ authorisation_id: z.uuid() });
const takenRow = idRow.extend({
  lease_epoch: z.int(),
  body: z.json(),
  wait_ms: z.number(),
  probe: z.boolean(),
});
const settledRow = z.object({
  state: z.enum(["delivered", "pending", "probably_applied", "undeliverable"]),
  pause: z.enum(["begun", "ended"]).nullable(),
});

export function createDeliveryStore(
  db: Db,
  { requestsPerSecond }: { requestsPerSecond: number },
  events: EventRouting = noEvents,
): DeliveryStore {
  const slotInterval = sql`make_interval(secs => ${1 / (requestsPerSecond * rateShare)})`;
  const lease = sql`make_interval(secs => ${leaseSeconds})`;
  // A slot far ahead was set by a clock that is gone (a failover). One a few seconds ahead means a
  // queue: who waits in it should hold no lease.
  const nextSlot = sql`CASE WHEN next_slot_at < clock_timestamp() + interval '15 seconds'
    THEN greatest(next_slot_at, clock_timestamp()) ELSE clock_timestamp() END`;
  const queueIsShort = sql`next_slot_at NOT BETWEEN clock_timestamp() + interval '2 seconds'
    AND clock_timestamp() + interval '15 seconds'`;
  // Of one moment: the statement's start is before its wait for the row of the pace.
  const wait = sql`greatest(0, extract(epoch FROM paced.slot - paced.at) * 1000)::float8 AS
    wait_ms`;

  // What the index of those that wait is of. Only who looks for any of them says it: one is found
  // by its key, however many wait.
  const notSettled = sql`settled_at IS NULL`;

  const lastStatus = sql`(SELECT http_status FROM attempts
    WHERE attempts.authorisation_id = s.authorisation_id AND http_status IS NOT NULL
    ORDER BY number DESC LIMIT 1)`;

  return {
    async take({ authorisationId }) {
      const [taken] = await db.rows(
        takenRow,
        sql`WITH due AS (
              SELECT authorisation_id FROM outcomes
              WHERE ${
                authorisationId === undefined
                  ? notSettled
                  : sql`authorisation_id =
                ${authorisationId}::uuid`
              } AND state = 'pending'
                AND NOT held AND due_at <= now() AND coalesce(lease_until <= now(), true)
                  AND deliver_until > now()
              ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED
            ), paced AS (
              UPDATE provider_api_pace
              SET next_slot_at = ${nextSlot} + ${slotInterval}, paused_until = CASE
                WHEN paused_until IS NULL THEN NULL ELSE clock_timestamp() + ${lease} END
              WHERE EXISTS (SELECT FROM due) AND ${queueIsShort}
                AND coalesce(paused_until NOT BETWEEN clock_timestamp()
                  AND clock_timestamp() + interval '1 minute', true)
              RETURNING next_slot_at - ${slotInterval} AS slot, clock_timestamp() AS at,
                paused_until IS NOT NULL AS probe
            ), taken AS (
              UPDATE outcomes SET lease_epoch = lease_epoch + 1, lease_until = paced.slot + ${lease}
              FROM due, paced WHERE outcomes.authorisation_id = due.authorisation_id
              RETURNING outcomes.authorisation_id, lease_epoch, body, probe, ${wait}
            ), abandoned AS (
              -- Whoever made the one before died or froze; it may have been sent.
              UPDATE attempts SET finished_at = now(), result = 'unclear', failure = 'abandoned'
              FROM taken WHERE attempts.authorisation_id = taken.authorisation_id
                AND number = lease_epoch - 1 AND result IS NULL
            ), recorded AS (
              INSERT INTO attempts (authorisation_id, number) SELECT authorisation_id,
                lease_epoch FROM taken
            )
            SELECT authorisation_id, lease_epoch, body, wait_ms, probe FROM taken`,
      );
      if (!taken) return undefined;
      return {
        authorisationId: taken.authorisation_id,
        epoch: taken.lease_epoch,
        body: taken.body,
        waitMs: taken.wait_ms,
        probe: taken.probe,
      };
    },

    async settle(
      { authorisationId, epoch, probe },
      { type: result, status, failure, nothingLearned },
      retryInMs,
    ) {
      // A refusal after an attempt that may have been applied probably means that it was
      // (Sage’s developer pages, "idempotency").
      const unclearBefore = sql`EXISTS (SELECT FROM attempts
        WHERE authorisation_id = ${authorisationId}::uuid AND number < ${epoch}
        AND (result IS NULL OR result = 'unclear'))`;
      const state = {
        applied: sql`'delivered'::delivery_state`,
        rejected: sql`(CASE WHEN ${unclearBefore} THEN 'probably_applied'
          ELSE 'undeliverable' END)::delivery_state`,
        postponed: sql`'pending'::delivery_state`,
        unclear: sql`'pending'::delivery_state`,
      }[result];
      const final = result === "applied" || result === "rejected";
      const pause = sql`clock_timestamp() + make_interval(secs =>
        ${nothingLearned ? 0 : pauseSeconds(Math.random)})`;
      const more = nothingLearned ? 0 : 1;
      const counted = final
        ? sql`UPDATE provider_api_pace SET failures = 0, paused_until = NULL
          WHERE failures > 0 AND EXISTS (SELECT FROM held) RETURNING failures`
        : sql`UPDATE provider_api_pace
              SET failures = failures + ${more},
                -- A straggler does not cut short what the one that tries has reserved.
                paused_until = CASE WHEN failures + ${more} < ${pauseAfterFailures} THEN NULL
                  WHEN ${probe} THEN ${pause} ELSE greatest(paused_until, ${pause}) END
              WHERE ${more === 1 || probe} AND EXISTS (SELECT FROM held) RETURNING failures`;
      const [settled] = await db.rows(
        settledRow,
        sql`WITH held AS (
              UPDATE outcomes SET state = ${state}, lease_until = NULL,
                settled_at = ${final ? sql`now()` : sql`NULL`},
                -- However long we are told to wait: the last try is made while there is still time
                -- for it.
                due_at = least(now() + make_interval(secs => ${retryInMs / 1000}),
                  greatest(now() + interval '1 second', deliver_until - interval '15 seconds'))
              WHERE authorisation_id = ${authorisationId}::uuid AND lease_epoch = ${epoch}
                AND state = 'pending'
              RETURNING authorisation_id, state, settled_at
            ), recorded AS (
              UPDATE attempts SET finished_at = now(), result = ${result}::attempt_result,
                http_status = ${status ?? null}::int, failure = ${failure ?? null}
              FROM held WHERE attempts.authorisation_id = held.authorisation_id
                AND number = ${epoch}
            ), before AS (
              SELECT failures FROM provider_api_pace
            ), counted AS (
              ${counted}
            )${final ? reportedEvent(events, sql`held`, sql`${status ?? null}::int`) : empty}
            SELECT state::text, CASE
                WHEN counted.failures = ${pauseAfterFailures}
                  AND before.failures < ${pauseAfterFailures} THEN 'begun'
                WHEN counted.failures = 0 AND before.failures >= ${pauseAfterFailures} THEN 'ended'
              END AS pause
            FROM held CROSS JOIN before LEFT JOIN counted ON true`,
      );
      return settled && { state: settled.state, pause: settled.pause ?? undefined };
    },

    async giveUpOverdue(limit) {
      const rows = await db.rows(
        idRow,
        sql`WITH overdue AS (
              SELECT authorisation_id FROM outcomes
              WHERE ${notSettled} AND state = 'pending' AND deliver_until <= now()
                AND coalesce(lease_until <= now(), true)
              ORDER BY due_at LIMIT ${limit} FOR UPDATE SKIP LOCKED
            ), settled AS (
              UPDATE outcomes SET state = 'undeliverable', settled_at = now(), lease_until = NULL
              FROM overdue WHERE outcomes.authorisation_id = overdue.authorisation_id
              RETURNING outcomes.authorisation_id, state, settled_at
            )${reportedEvent(events, sql`settled`, lastStatus)}
            SELECT authorisation_id FROM settled`,
      );
      return rows.map(({ authorisation_id }) => authorisation_id);
    },
  };
}
