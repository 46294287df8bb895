import { z } from 'zod'
import { type Db, sql } from '../platform/db.ts'

export interface RetentionStore {
  /** Deletes a small batch of what is past retention, so that no lock is held for long. @returns how many rows went; fewer than `limit` of each means none are left. */
  purge(limit: number): Promise<number>
}

const countRow = z.object({ count: z.int() })

/** Sessions, outcomes and attempts go with their authorisation. */
export function createRetentionStore(db: Db, { retentionDays }: { retentionDays: number }): RetentionStore {
  const kept = sql`now() - make_interval(days => ${retentionDays})`
  return {
    async purge(limit) {
      const [purged] = await db.rows(
        countRow,
        sql`WITH old_authorisations AS (
              DELETE FROM authorisations WHERE id IN (
                SELECT id FROM authorisations WHERE expires_at < ${kept} ORDER BY expires_at LIMIT ${limit} FOR UPDATE SKIP LOCKED
              ) RETURNING id
            ), old_notifications AS (
              DELETE FROM notifications WHERE id IN (
                SELECT id FROM notifications WHERE last_received_at < ${kept} ORDER BY last_received_at LIMIT ${limit} FOR UPDATE SKIP LOCKED
              ) RETURNING id
            )
            SELECT ((SELECT count(*) FROM old_authorisations) + (SELECT count(*) FROM old_notifications))::int AS count`,
      )
      return purged?.count ?? 0
    },
  }
}
