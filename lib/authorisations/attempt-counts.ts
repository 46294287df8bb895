import { z } from "zod";
import { type Db, sql } from "../db/db.ts";
import { type countedRow, pairMark, selectCounts, releaseCounts } from "./attempt-limit.ts";

/** Under what an answer is counted (attempt-keys.ts). */
export interface Counting {
  account: string | null;
  keys: readonly string[];
}

/** Which counts are full, by their keys; and whether the session's own is. */
export interface FullCounts {
  full: readonly string[];
  sessionFull: boolean;
}

/**
 * What came of a counted claim or answer. `claimed`: what is left, and which counts are full, if this
 * one is wrong. `limited`: nothing was moved, since so many answers were wrong or are being judged;
 * `retrySeconds` until the next one is taken.
 */
export type ClaimResult =
  | ({ type: "claimed"; triesLeft: number; retrySeconds: number } & FullCounts)
  | { type: "conflict" }
  | ({ type: "limited"; retrySeconds: number } & FullCounts);

export interface AttemptCounts {
  /** What came of a statement that counts an answer. */
  judge: (row: z.output<typeof countedRow> | undefined) => Promise<ClaimResult>;
  /**
   * After the end of a session whose last answer was right: takes its counting back. With
   * `confirmed`, where the bank has let in the person who was named last, and to the account that
   * was asked about: all answers of this session that named them, too, and the count of the pair,
   * which is known from now on. Never what others were counted for.
   */
  releaseAttempts: (id: string, which: "last" | "confirmed") => Promise<void>;
}

const idRow = z.object({ id: z.uuid() });
const keyRow = z.object({ key: z.string() });

export function createAttemptCounts(db: Db): AttemptCounts {
  return {
    // One of several counts was full: what was counted under the others belongs to no answer.
    async judge(row) {
      if (!row?.ready) return { type: "conflict" };
      const { full, session_full: sessionFull, retry_seconds: retrySeconds } = row;
      if (row.moved)
        return { type: "claimed", triesLeft: row.tries_left, retrySeconds, full, sessionFull };
      if (Array.isArray(row.counted) && row.counted.length > 0)
        await db.rows(
          keyRow,
          releaseCounts(selectCounts(sql`${JSON.stringify(row.counted)}::jsonb`, sql`true`)),
        );
      return { type: "limited", retrySeconds, full, sessionFull };
    },

    async releaseAttempts(id, which) {
      const last = sql`e.step = (SELECT max(step)
        FROM jsonb_to_recordset(ended.own_counts) AS l(step int))`;
      await db.rows(
        idRow,
        sql`WITH ended AS (
              SELECT id, standing AS own_counts, ARRAY(SELECT key FROM unnest(counted_keys) AS key
                WHERE ${which === "confirmed"} AND starts_with(key, ${pairMark})) AS pair
                  FROM sessions WHERE id = ${id}::uuid FOR UPDATE
            ), emptied AS (
              UPDATE sessions SET standing = '[]' WHERE id IN (SELECT id FROM ended)
            ), uncounted AS (${releaseCounts(sql`
              SELECT own.key, own.ends_at FROM ended,
                LATERAL (${selectCounts(
                  sql`ended.own_counts`,
                  sql`pair <> '{}'
                  OR ${last}`,
                )}) AS own
                  WHERE own.key <> ALL (pair)`)}
            ), cleared AS (
              -- After the others, in the order of counting.
              DELETE FROM answer_counts WHERE key IN (
                SELECT key FROM answer_counts WHERE key IN (SELECT unnest(pair)
                  FROM ended) AND (SELECT count(*) FROM uncounted) >= 0 ORDER BY key COLLATE "C"
                    FOR UPDATE
              )
            ), known AS (
              INSERT INTO known_pairs (key) SELECT key FROM ended, unnest(pair) AS key
                ORDER BY key COLLATE "C" ON CONFLICT (key) DO UPDATE SET confirmed_at = now()
            ) SELECT id FROM ended`,
      );
    },
  };
}
