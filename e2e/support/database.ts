import pg from "pg";
import { clientConfig, databaseTarget } from "../../lib/config/database-url.ts";
import { handleDigest } from "../../lib/authorisations/handles.ts";
import { openWith, sealWith } from "../../lib/crypto/seal.ts";

/** The connector's database: what happens to time, and what no address shows. */
export interface TestDatabase {
  /** Lets the time of an authorisation, and of its session, run out now. */
  expire(authorisationId: string): Promise<void>;
  /** Lets an authorisation, and its session, have this long left from now on. */
  leave(authorisationId: string, seconds: number): Promise<void>;
  /**
   * Lets so much time pass for what a session's bank adapter remembers: its step is opened and
   * sealed again with the handle in the address of its screen.
   */
  age(url: string, ms: number): Promise<void>;
  /** Ends the counts for which an answer of an authorisation was not taken. */
  unlock(authorisationId: string): Promise<void>;
  /** What is stored of an authorisation. */
  stored(authorisationId: string): Promise<Stored>;
  /**
   * Holds a lock that only one test in all workers has at a time.
   * @returns the function that gives it back.
   */
  lock(): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

interface Stored {
  notified: number;
  parametersFixed: boolean;
  claimed: boolean;
  secondsLeft: number;
  sessions: number;
  step: number | null;
  result: string | null;
  delivery: string | null;
}

// Any number that is not the migrator's.
const lockNumber = 4_815_162_342;

export function openTestDatabase(databaseUrl: string): TestDatabase {
  const pool = new pg.Pool({ ...clientConfig(databaseTarget(databaseUrl)), max: 4 });
  return {
    async expire(authorisationId) {
      // The order notified < expires is a constraint of the table.
      const ended = `expires_at = now() - interval '1 millisecond'`;
      await pool.query(
        `UPDATE authorisations SET notified_at = now() - interval '20 minutes', ${ended}
          WHERE id = $1`,
        [authorisationId],
      );
      await pool.query(`UPDATE sessions SET ${ended} WHERE authorisation_id = $1`, [
        authorisationId,
      ]);
    },
    async leave(authorisationId, seconds) {
      const end = "expires_at = now() + make_interval(secs => $2)";
      await pool.query(`UPDATE authorisations SET ${end} WHERE id = $1`, [
        authorisationId,
        seconds,
      ]);
      await pool.query(`UPDATE sessions SET ${end} WHERE authorisation_id = $1`, [
        authorisationId,
        seconds,
      ]);
    },
    async age(url, ms) {
      const handle = new URL(url).pathname.split("/").at(-1) ?? "";
      const { rows } = await pool.query<{ id: string; step: number; sealed_step: string }>(
        "SELECT id, step, sealed_step FROM sessions WHERE handle_digest = $1",
        [handleDigest(handle)],
      );
      const [session] = rows;
      if (!session) throw new Error("no session has this address");
      const context = `${session.id}/${session.step}`;
      const content = JSON.stringify(await openWith(handle, context, session.sealed_step)).replace(
        /"sinceMs":(\d+)/,
        (_, since) => `"sinceMs":${Number(since) - ms}`,
      );
      // A session that has gone on meanwhile needs no time any more.
      await pool.query(
        `UPDATE sessions SET sealed_step = $2, poll_due_at = NULL WHERE id = $1 AND step = $3`,
        [session.id, await sealWith(handle, context, JSON.parse(content)), session.step],
      );
    },
    async unlock(authorisationId) {
      await pool.query(
        "DELETE FROM answer_counts WHERE key IN (SELECT unnest(refused_keys) FROM " +
          "authorisations WHERE id = $1)",
        [authorisationId],
      );
    },
    async stored(authorisationId) {
      const { rows } = await pool.query<Stored>(
        `SELECT (SELECT coalesce(sum(receipts), 0)::int FROM notifications
          WHERE resource_id = $1::text) AS notified,
           a.parameters_digest IS NOT NULL AS "parametersFixed",
             a.claimed_at IS NOT NULL AS claimed,
           extract(epoch FROM a.expires_at - now())::float8 AS "secondsLeft",
           (SELECT count(*)::int FROM sessions WHERE authorisation_id = a.id) AS sessions,
           s.step, s.result::text, o.state::text AS delivery
         FROM authorisations a LEFT JOIN sessions s ON s.authorisation_id = a.id LEFT
           JOIN outcomes o ON o.authorisation_id = a.id
         WHERE a.id = $1::uuid`,
        [authorisationId],
      );
      const [stored] = rows;
      if (!stored) throw new Error("the authorisation is not stored");
      return stored;
    },
    async lock() {
      const client = await pool.connect();
      await client.query("SELECT pg_advisory_lock($1)", [lockNumber]);
      return async () => {
        await client.query("SELECT pg_advisory_unlock($1)", [lockNumber]);
        client.release();
      };
    },
    close: () => pool.end(),
  };
}
