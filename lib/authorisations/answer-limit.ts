import { z } from 'zod'
import { type Sql, sql } from '../platform/db.ts'

/** Wrong answers that are taken to the bank for one authorisation, one account or one person, until the oldest of them is half an hour old. */
export const mostFailed = 5
export const lockSeconds = 30 * 60

/**
 * Counts one answer under every key, before anybody knows whether it is wrong: of any number of parallel ones, on any replica, no more than five are counted. `ON CONFLICT … WHERE` judges the row as it is
 * when it is its turn, not as the statement found it; keys are taken in order, so that two statements never wait for each other.
 * @param keys a query of one column `key`, each once.
 */
export const countAnswer = (keys: Sql): Sql => sql`
  INSERT INTO answer_counts AS c (key, failed, ends_at)
  SELECT key, 1, now() + make_interval(secs => ${lockSeconds}) FROM (${keys}) AS keys ORDER BY key
  ON CONFLICT (key) DO UPDATE SET
    failed = CASE WHEN c.ends_at <= now() THEN 1 ELSE c.failed + 1 END,
    ends_at = CASE WHEN c.ends_at <= now() THEN excluded.ends_at ELSE c.ends_at END
  WHERE c.failed < ${mostFailed} OR c.ends_at <= now()
  RETURNING key, failed`

/** Takes the counting of one answer back: it was not wrong, or it was not asked. @param keys a query of one column `key`. */
export const uncountAnswer = (keys: Sql): Sql => sql`
  UPDATE answer_counts SET failed = failed - 1
  WHERE key IN (SELECT key FROM answer_counts WHERE key IN (${keys}) AND failed > 0 ORDER BY key FOR UPDATE)
  RETURNING key`

/** What a counting statement did: whether there was something to move, what was moved, under which keys it was counted, and the end of the counts that are full. */
export const countedRow = z.object({ ready: z.boolean(), moved: z.boolean(), counted: z.array(z.string()), failed: z.int(), retry_seconds: z.int() })

/** What to select for a {@link countedRow}: the counts as the statement found them; what it counted itself is in `counted`. */
export const countedSelect = (keys: Sql): Sql => sql`
  SELECT EXISTS (SELECT FROM ready) AS ready, EXISTS (SELECT FROM moved) AS moved, ARRAY(SELECT key FROM counted) AS counted,
    greatest((SELECT max(failed) FROM counted), (SELECT max(failed_answers) FROM moved), 0)::int AS failed,
    coalesce((SELECT ceil(extract(epoch FROM max(ends_at) - now())) FROM answer_counts WHERE key IN (${keys}) AND ends_at > now()), ${lockSeconds})::int AS retry_seconds`
