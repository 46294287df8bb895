import { z } from "zod";
import { type Db, sql } from "../db/db.ts";

export interface RetentionStore {
  /**
   * Deletes a small batch of what is past retention, so that no lock is held for long.
   * @returns how many rows went; fewer than `limit` of each means none are left.
   */
  purge: (limit: number) => Promise<number>;
}

const countRow = z.object({ count: z.int() });

/**
 * A notification is kept so much longer than its authorisation, which ends 20 minutes after the
 * first receipt at the latest: a repeat of a forgotten one would announce it anew.
 */
const tombstoneDays = 2;

/**
 * Sessions, outcomes and attempts go with their authorisation; the audit trail has a time of its
 * own, and a count of answers goes as soon as it is over, as do connect codes. A pair is known for
 * as long after its last sign-in.
 */
export function createRetentionStore(
  db: Db,
  settings: {
    retentionDays: number;
    auditRetentionDays: number;
    /** How long events are kept once they are settled. */
    eventsKeepDays?: number;
  },
): RetentionStore {
  const { retentionDays, auditRetentionDays, eventsKeepDays = 7 } = settings;
  const kept = sql`now() - make_interval(days => ${retentionDays})`;
  const remembered = sql`now() - make_interval(days => ${retentionDays + tombstoneDays})`;
  const audited = sql`now() - make_interval(days => ${auditRetentionDays})`;
  const eventsKept = sql`now() - make_interval(days => ${eventsKeepDays})`;
  return {
    async purge(limit) {
      const [purged] = await db.rows(
        countRow,
        sql`WITH old_authorisations AS (
              DELETE FROM authorisations WHERE id IN (
                SELECT id FROM authorisations WHERE expires_at < ${kept}
                  ORDER BY expires_at LIMIT ${limit} FOR UPDATE SKIP LOCKED
              ) RETURNING id
            ), old_notifications AS (
              DELETE FROM notifications WHERE id IN (
                SELECT id FROM notifications WHERE last_received_at < ${remembered}
                  ORDER BY last_received_at LIMIT ${limit} FOR UPDATE SKIP LOCKED
              ) RETURNING id
            ), old_events AS (
              DELETE FROM audit_events WHERE id IN (SELECT id FROM audit_events
                WHERE at < ${audited} ORDER BY at LIMIT ${limit} FOR UPDATE SKIP LOCKED)
                  RETURNING id
            ), old_counts AS (
              DELETE FROM answer_counts WHERE key IN (SELECT key FROM answer_counts
                WHERE ends_at < now() ORDER BY ends_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)
                  RETURNING key
            ), old_pairs AS (
              DELETE FROM known_pairs WHERE key IN (SELECT key FROM known_pairs
                WHERE confirmed_at < ${kept} ORDER BY confirmed_at LIMIT ${limit}
                  FOR UPDATE SKIP LOCKED) RETURNING key
            ), old_outbox AS (
              DELETE FROM outbox WHERE id IN (SELECT id FROM outbox
                WHERE settled_at IS NOT NULL AND settled_at < ${eventsKept} ORDER BY settled_at
                  LIMIT ${limit} FOR UPDATE SKIP LOCKED) RETURNING id
            ), old_codes AS (
              -- An hour after its end, so that one who types it late is told that it is too old
              -- rather than wrong.
              DELETE FROM connect_codes WHERE code_key IN (SELECT code_key FROM connect_codes
                WHERE ends_at < now() - interval '1 hour' ORDER BY ends_at LIMIT ${limit}
                  FOR UPDATE SKIP LOCKED) RETURNING code_key
            )
            SELECT ((SELECT count(*) FROM old_authorisations) + (SELECT count(*)
              FROM old_notifications) + (SELECT count(*) FROM old_events) + (SELECT count(*)
                FROM old_counts) + (SELECT count(*) FROM old_pairs) + (SELECT count(*)
                  FROM old_codes) + (SELECT count(*) FROM old_outbox))::int AS count`,
      );
      return purged?.count ?? 0;
    },
  };
}
