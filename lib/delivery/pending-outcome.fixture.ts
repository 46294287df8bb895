import { randomBytes, randomUUID } from "node:crypto";
import { z } from "zod";
import { createSessionStore } from "../authorisations/session-store.ts";
import { notifyAuthorisation } from "../../testing/notify-authorisation.ts";
import { type Db, sql } from "../db/db.ts";
import { createOutboxStore } from "./outbox-store.ts";

/** A session that a bank is asked for. */
export async function sessionAtBank(db: Db) {
  const authorisationId = await notifyAuthorisation(db);
  const id = randomUUID();
  const handleDigest = new Uint8Array(randomBytes(32));
  await createSessionStore(db).claim(
    {
      authorisationId,
      bankAccount: null,
      externalId: "a",
      redirectUri: "https://x.sage.com/",
      state: "s",
    },
    { id, handleDigest, locale: "en-GB", state: "awaiting_bank", step: 1, sealedStep: "sealed" },
  );
  return { id, authorisationId, handleDigest };
}

/** An authorisation whose success is to be told. @returns its id */
export async function pendingOutcome(db: Db): Promise<string> {
  const { id, authorisationId } = await sessionAtBank(db);
  await createOutboxStore(db, { requestsPerSecond: 10 }).finish({
    sessionId: id,
    result: "authorised",
    reason: null,
    body: { data: { status: "success" } },
    from: { state: "awaiting_bank", step: 1 },
  });
  return authorisationId;
}

/**
 * Many of them in one statement, without sessions: one by one they would be a queue for the
 * database on a slow machine.
 */
export async function pendingOutcomes(db: Db, count: number): Promise<void> {
  await db.rows(
    z.unknown(),
    sql`WITH announced AS (
      INSERT INTO authorisations (id, expires_at) SELECT gen_random_uuid(),
        now() + interval '10 minutes' FROM generate_series(1, ${count}::int) RETURNING id
    ) INSERT INTO outcomes (authorisation_id, state, body, deliver_until) SELECT id, 'pending',
      '{"data": {"status": "success"}}', now() + interval '11 minutes' FROM announced RETURNING 1`,
  );
}
