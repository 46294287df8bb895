import { z } from "zod";
import { type Sql, sql } from "../db/db.ts";

/**
 * Rate limit of attempts, against brute force and lock-out at the bank (OWASP ASVS 5.0, 6.3.1).
 * Wrong answers that are taken to the bank for one authorisation, one account or one person, until
 * the oldest of them is half an hour old.
 */
export const maxFailed = 5;
/** Those of a known pair, once others have used up the tries of its account or person. */
const maxFailedOfPair = 3;
const lockSeconds = 30 * 60;
/**
 * What the key of a pair begins with: no other key does, and in the order of bytes it stands behind
 * them.
 */
export const pairMark = "~";

const isPair = (key: Sql) => sql`starts_with(${key}, ${pairMark})`;
// In one order everywhere, so that two statements never wait for each other; pairs come last, being
// counted last.
const inOrder = (key: Sql) => sql`ORDER BY ${key} COLLATE "C"`;

/**
 * Judges each row as it is when it is its turn, and not as the statement found it (`ON CONFLICT …
 * WHERE`): of any number of parallel answers, on any replica, no more are counted.
 */
const count = (keys: Sql, max: Sql) => sql`
  INSERT INTO answer_counts AS c (key, failed, ends_at)
  SELECT key, 1, now() + make_interval(secs => ${lockSeconds}) FROM ${keys} ${inOrder(sql`key`)}
  ON CONFLICT (key) DO UPDATE SET
    failed = CASE WHEN c.ends_at <= now() THEN 1 ELSE c.failed + 1 END,
    ends_at = CASE WHEN c.ends_at <= now() THEN excluded.ends_at ELSE c.ends_at END
  WHERE c.failed < ${max} OR c.ends_at <= now()
  RETURNING key, failed, ends_at`;

/**
 * The part of a statement that counts one answer, before anybody knows whether it is wrong. It
 * reads `keys`, of one column `key`, each once, and makes `counted`, the counts with this answer,
 * and `allowed`, of one row: whether the answer may be taken to the bank. It may where no count was
 * full; and where the pair is known and has some of its own tries left.
 */
export const countAnswer = sql`
  shared AS (${count(sql`keys WHERE NOT ${isPair(sql`key`)}`, sql`${maxFailed}`)}
  ), room AS (
    SELECT (SELECT count(*) FROM shared) = (SELECT count(*) FROM keys
      WHERE NOT ${isPair(sql`key`)}) AS room, EXISTS (SELECT FROM known_pairs
        WHERE key IN (SELECT key FROM keys)) AS known
  ), pair AS (${count(
    sql`keys, room WHERE ${isPair(sql`key`)} AND (room
    OR known)`,
    sql`(SELECT
    CASE WHEN room THEN ${maxFailed}::int ELSE ${maxFailedOfPair}::int END FROM room)`,
  )}
  ), counted AS (
    SELECT * FROM shared UNION ALL SELECT * FROM pair
  ), allowed AS (
    SELECT (room OR known) AND (SELECT count(*) FROM pair) = (SELECT count(*) FROM keys
      WHERE ${isPair(sql`key`)}) AS allowed FROM room
  )`;

/**
 * Of a session's own answers, what is counted after `counted`: under which key, in which half
 * an hour (known by its end), at which step.
 */
export const ownCounts = (step: number) =>
  sql`(SELECT coalesce(jsonb_agg(jsonb_build_object('key', key, 'ends_at', ends_at, 'step',
    ${step}::int)), '[]') FROM counted)`;

/** Those of `counts` that were counted at a step, or at another one. */
export const selectCounts = (counts: Sql, condition: Sql) =>
  sql`SELECT e.key, e.ends_at, e.step FROM jsonb_to_recordset(${counts}) AS e(key text,
    ends_at timestamptz, step int) WHERE ${condition}`;
export const withoutStep = (counts: Sql, step: number) =>
  sql`(SELECT coalesce(jsonb_agg(e), '[]') FROM jsonb_array_elements(${counts}) AS e
    WHERE (e ->> 'step')::int <> ${step}::int)`;

/**
 * Takes back what a session's own answers were counted for, and nothing else: a count that has
 * begun anew since is others'.
 * @param own a query of `key` and `ends_at`, one row for each answer.
 */
export const releaseCounts = (own: Sql) => sql`
  UPDATE answer_counts AS c SET failed = greatest(0, c.failed - (SELECT count(*)
    FROM unnest(o.ends) AS e WHERE e = c.ends_at)::int)
  FROM (
    SELECT a.key, o.ends FROM answer_counts AS a JOIN (SELECT key, array_agg(ends_at) AS ends
      FROM (${own}) AS own GROUP BY key) AS o ON o.key = a.key ${inOrder(sql`a.key`)}
        FOR UPDATE OF a
  ) AS o
  WHERE c.key = o.key
  RETURNING c.key`;

/**
 * What a counting statement did: whether there was something to move, what was moved and counted,
 * which counts are full (with this answer where it was taken), and when one is taken again.
 */
export const countedRow = z.object({
  ready: z.boolean(),
  moved: z.boolean(),
  counted: z.json(),
  full: z.array(z.string()),
  session_full: z.boolean(),
  /** If this answer is wrong. */
  tries_left: z.int(),
  retry_seconds: z.int(),
});

/**
 * What to select for a {@link countedRow}, after `ready`, {@link countAnswer} and `moved`.
 * @param failedBefore how many answers of the session are counted where none was moved.
 */
export const countedSelect = (failedBefore: Sql): Sql => sql`
  , full_counts AS (
    SELECT key FROM keys, room WHERE CASE
      WHEN EXISTS (SELECT FROM moved) THEN EXISTS (SELECT FROM counted AS c
        WHERE c.key = keys.key AND c.failed >= CASE WHEN room OR NOT ${isPair(sql`c.key`)}
          THEN ${maxFailed}::int ELSE ${maxFailedOfPair}::int END)
      ELSE key NOT IN (SELECT key FROM counted) AND (room OR known OR NOT ${isPair(sql`key`)}) END
  )
  SELECT EXISTS (SELECT FROM ready) AS ready, EXISTS (SELECT
    FROM moved) AS moved, ${ownCounts(0)} AS counted, ARRAY(SELECT key
      FROM full_counts) AS "full",
    coalesce((SELECT max(failed_answers) FROM moved), ${failedBefore},
      0) >= ${maxFailed} AS session_full,
    least(
      ${maxFailed}::int - coalesce((SELECT max(failed_answers) FROM moved), 0),
      greatest(CASE WHEN room THEN ${maxFailed}::int - coalesce((SELECT max(failed)
        FROM counted), 0) ELSE 0 END, CASE WHEN known
          THEN ${maxFailedOfPair}::int - (SELECT max(failed) FROM pair) ELSE 0 END)
    )::int AS tries_left,
    coalesce((
      SELECT ceil(extract(epoch FROM max(ends_at) - now())) FROM answer_counts
      WHERE key IN (SELECT key FROM keys WHERE EXISTS (SELECT FROM moved) UNION SELECT key
        FROM full_counts) AND ends_at > now()
    ), ${lockSeconds})::int AS retry_seconds
  FROM room`;
