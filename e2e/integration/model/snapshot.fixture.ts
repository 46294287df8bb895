import { z } from "zod";
import { databaseFailure } from "../../../lib/db/database-failure.ts";
import { DatabaseUnavailable, type Db, sql } from "../../../lib/db/db.ts";

const row = z.object({
  digest: z.string().nullable(),
  claimed: z.boolean(),
  lifetime: z.number(),
  over: z.boolean(),
  redirect_uri: z.string().nullable(),
  return_state: z.string().nullable(),
  receipts: z.int(),
  sessions: z.int(),
  state: z.enum(["awaiting_user", "awaiting_bank", "finished"]).nullable(),
  step: z.int().nullable(),
  result: z.string().nullable(),
  reason: z.string().nullable(),
  delivery: z.string().nullable(),
  /** How long the outcome has been settled, in seconds. */
  settled_for: z.number().nullable(),
  attempts: z.array(
    z.object({ number: z.int(), result: z.string().nullable(), failure: z.string().nullable() }),
  ),
});

/** What is stored of one authorisation. */
export type Snapshot = z.output<typeof row>;

export async function snapshotOf(db: Db, authorisationId: string): Promise<Snapshot | undefined> {
  const [found] = await db.rows(
    row,
    sql`SELECT encode(a.parameters_digest, 'hex') AS digest, a.claimed_at IS NOT NULL AS claimed,
          extract(epoch FROM a.expires_at - a.notified_at)::float8 AS lifetime,
            a.expires_at <= now() AS over, a.redirect_uri, a.state AS return_state,
          (SELECT coalesce(sum(receipts), 0)::int FROM notifications
            WHERE resource_id = a.id::text) AS receipts,
          (SELECT count(*)::int FROM sessions WHERE authorisation_id = a.id) AS sessions,
          s.state::text, s.step, s.result::text, s.reason, o.state::text AS delivery,
            extract(epoch FROM now() - o.settled_at)::float8 AS settled_for,
          coalesce((SELECT json_agg(json_build_object('number', t.number, 'result', t.result,
            'failure', t.failure) ORDER BY t.number) FROM attempts t
              WHERE t.authorisation_id = a.id), '[]') AS attempts
        FROM authorisations a LEFT JOIN sessions s ON s.authorisation_id = a.id LEFT
          JOIN outcomes o ON o.authorisation_id = a.id
        WHERE a.id = ${authorisationId}::uuid`,
  );
  return found;
}

/**
 * Lets so many seconds pass for one authorisation: everything that is stored of it happened so much
 * earlier.
 */
export async function letPass(db: Db, authorisationId: string, seconds: number): Promise<void> {
  const earlier = (...columns: string[]) =>
    columns.map((column) => `${column} = ${column} - make_interval(secs => $2)`).join(", ");
  const statement = `WITH a AS (UPDATE authorisations
    SET ${earlier("notified_at", "expires_at", "parameters_fixed_at", "claimed_at")}
      WHERE id = $1::uuid),
    s AS (UPDATE sessions SET ${earlier("created_at", "expires_at", "bank_deadline_at", "poll_due_at", "poll_lease_until", "retry_at", "finished_at", "leaving_at", "returned_at")} WHERE authorisation_id = $1::uuid),
    t AS (UPDATE attempts SET ${earlier("started_at", "finished_at")}
      WHERE authorisation_id = $1::uuid)
    UPDATE outcomes SET ${earlier("created_at", "due_at", "deliver_until", "lease_until", "settled_at")} WHERE authorisation_id = $1::uuid`;
  await db.prisma.$executeRawUnsafe(statement, authorisationId, seconds).catch((error: unknown) => {
    throw databaseFailure(error) === "bug" ? error : new DatabaseUnavailable(error);
  });
}
