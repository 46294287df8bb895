import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { openDb, type Sql, sql } from "../lib/db/db.ts";
import { useTestDb } from "../testing/test-db.ts";
import { sqlFromMigrationsToSchema } from "../server/schema-engine.ts";
import { createEmptyDatabase, createTestDatabase, onServer } from "../testing/test-database.ts";

const execFileAsync = promisify(execFile);

const migrateScript = path.resolve(import.meta.dirname, "../server/migrate.ts");
const real = useTestDb();

const id = "00000000-0000-4000-8000-000000000001";
const digest = new Uint8Array(32);
const run = (statement: Sql) => real.db.rows(z.unknown(), statement);
const insertAuthorisation = sql`INSERT INTO authorisations (id, expires_at)
  VALUES (${id}::uuid, now() + interval '1 hour')`;
const claim = sql`UPDATE authorisations SET claimed_at = now(), parameters_digest = ${digest},
  parameters_fixed_at = now(), external_id = 'e', redirect_uri = 'r', state = 's'`;
const insertSession = sql`INSERT INTO sessions (id, authorisation_id, handle_digest, state, step,
  locale, sealed_step, expires_at)
  VALUES (${id}::uuid, ${id}::uuid, ${digest}, 'awaiting_user', 1, 'en-GB', 'x',
    now() + interval '1 hour')`;
const insertOutcome = sql`INSERT INTO outcomes (authorisation_id, state, body, deliver_until)
  VALUES (${id}::uuid, 'pending', '{}', now() + interval '1 hour')`;
const insertAttempt = sql`INSERT INTO attempts (authorisation_id, number) VALUES (${id}::uuid, 1)`;

test("schema and migrations agree", async () => {
  const empty = await createEmptyDatabase();
  try {
    // What Prisma writes where there is nothing to change.
    expect((await sqlFromMigrationsToSchema(empty.url)).trim()).toBe(
      "-- This is an empty migration.",
    );
  } finally {
    await empty.drop();
  }
});

// A time rounded up lies ahead by half a unit: what is due at once would not be due yet.
test("no time is kept less exactly than now() tells it", async () => {
  const coarse = sql`SELECT table_name, column_name FROM information_schema.columns
    WHERE table_schema = 'public' AND datetime_precision < 6`;
  expect(await run(coarse)).toEqual([]);
});

test("a migration is on record with the time at which it was made, in whatever zone the server is", async () => {
  const age = sql`SELECT migration_name FROM _prisma_migrations
    WHERE finished_at NOT BETWEEN now() - interval '1 hour' AND now()
      OR started_at NOT BETWEEN now() - interval '1 hour' AND now()`;
  expect(await run(age)).toEqual([]);
  expect(await run(sql`SELECT migration_name FROM _prisma_migrations LIMIT 1`)).toHaveLength(1);
});

test("several replicas may migrate at once", async () => {
  const empty = await createEmptyDatabase();
  try {
    const env = { ...process.env, DATABASE_URL: empty.url };
    const runs = await Promise.all(
      Array.from({ length: 3 }, () => execFileAsync(process.execPath, [migrateScript], { env })),
    );
    expect(runs.filter(({ stdout }) => stdout.startsWith("Migrated"))).toHaveLength(1);
    expect(
      runs.filter(({ stdout }) => stdout.startsWith("The database is up to date")),
    ).toHaveLength(2);
  } finally {
    await empty.drop();
  }
});

describe("a database of a version before 0.2.0, which was never released,", () => {
  const older = /before 0\.2\.0, which was never released, .*: make a new database/;
  const runIn = (url: string) =>
    execFileAsync(process.execPath, [migrateScript], {
      env: { ...process.env, DATABASE_URL: url },
    });

  test("is refused by the migration in words, and nothing in it is changed", async () => {
    const empty = await createEmptyDatabase();
    try {
      await runIn(empty.url);
      await onServer(
        empty.url,
        `UPDATE _prisma_migrations SET migration_name = '20261122000000_first';
         DROP TABLE former_handles`,
      );
      const refused = runIn(empty.url);
      await expect(refused).rejects.toMatchObject({
        code: 1,
        stderr: expect.stringMatching(older),
      });
      await expect(refused).rejects.toMatchObject({
        stdout: "",
        stderr: expect.not.stringMatching(/^\s+at /m),
      });
      await expect(onServer(empty.url, "SELECT FROM former_handles")).rejects.toMatchObject({
        code: "42P01",
      });
    } finally {
      await empty.drop();
    }
  });
  test("is never ready, for whichever role, also where it has every table", async () => {
    const before = await createTestDatabase();
    const [owner, runtime] = [openDb(before.url), openDb(before.runtimeUrl)];
    try {
      await onServer(before.url, "COMMENT ON TABLE authorisations IS NULL");
      expect(await owner.problems()).toEqual([expect.stringMatching(older)]);
      expect(await runtime.problems()).toEqual([expect.stringMatching(older)]);
    } finally {
      await Promise.all([owner.close(), runtime.close()]);
      await before.drop();
    }
  });
});

describe("the database refuses", () => {
  beforeAll(async () => {
    for (const statement of [
      insertAuthorisation,
      claim,
      insertSession,
      insertOutcome,
      insertAttempt,
    ])
      await run(statement);
  });
  test.each<[string, Sql, string]>([
    [
      "a notification received no time",
      sql`INSERT INTO notifications (type, resource_type, resource_id, receipts)
        VALUES ('t', 't', 'i', 0)`,
      "notifications_receipts_check",
    ],
    [
      "a last receipt before the first",
      sql`INSERT INTO notifications (type, resource_type, resource_id, last_received_at)
        VALUES ('t', 't', 'i', now() - interval '1 hour')`,
      "notifications_order_check",
    ],
    [
      "an authorisation without a lifetime",
      sql`UPDATE authorisations SET expires_at = notified_at`,
      "authorisations_lifetime_check",
    ],
    [
      "a digest of another length",
      sql`UPDATE authorisations SET parameters_digest = ${new Uint8Array(31)}`,
      "authorisations_digest_check",
    ],
    [
      "a digest without its time",
      sql`UPDATE authorisations SET parameters_fixed_at = NULL`,
      "authorisations_fixed_check",
    ],
    [
      "a claim without where to go back",
      sql`UPDATE authorisations SET redirect_uri = NULL`,
      "authorisations_claim_check",
    ],
    [
      "frozen parameters without a claim",
      sql`UPDATE authorisations SET claimed_at = NULL`,
      "authorisations_claim_check",
    ],
    [
      "a handle digest of another length",
      sql`UPDATE sessions SET handle_digest = ${new Uint8Array(33)}`,
      "sessions_digest_check",
    ],
    ["a step below one", sql`UPDATE sessions SET step = 0`, "sessions_step_check"],
    [
      "waiting for a bank without a deadline",
      sql`UPDATE sessions SET state = 'awaiting_bank'`,
      "sessions_bank_deadline_check",
    ],
    [
      "a deadline while the person is asked",
      sql`UPDATE sessions SET bank_deadline_at = now()`,
      "sessions_bank_deadline_check",
    ],
    [
      "an end without a result",
      sql`UPDATE sessions SET state = 'finished', sealed_step = NULL, finished_at = now()`,
      "sessions_finished_check",
    ],
    [
      "a result without an end",
      sql`UPDATE sessions SET result = 'authorised'`,
      "sessions_finished_check",
    ],
    [
      "a running session without its step",
      sql`UPDATE sessions SET sealed_step = NULL`,
      "sessions_sealed_step_check",
    ],
    [
      "a reason that is no code",
      sql`UPDATE sessions SET reason = 'The bank said: no'`,
      "sessions_reason_check",
    ],
    [
      "a second session of an authorisation",
      sql`INSERT INTO sessions (id, authorisation_id, handle_digest, state, step, locale,
        sealed_step,
        expires_at) SELECT gen_random_uuid(), authorisation_id, sha256('x'), state, step, locale,
          sealed_step, expires_at FROM sessions`,
      "sessions_authorisation_id_key",
    ],
    [
      "an outcome without a body to deliver",
      sql`UPDATE outcomes SET body = NULL`,
      "outcomes_body_check",
    ],
    [
      "an end of delivery without its time",
      sql`UPDATE outcomes SET state = 'delivered'`,
      "outcomes_settled_check",
    ],
    ["an epoch below zero", sql`UPDATE outcomes SET lease_epoch = -1`, "outcomes_epoch_check"],
    ["an attempt below one", sql`UPDATE attempts SET number = 0`, "attempts_number_check"],
    [
      "an attempt that ended with nothing",
      sql`UPDATE attempts SET finished_at = now()`,
      "attempts_finished_check",
    ],
    ["a status that is none", sql`UPDATE attempts SET http_status = 99`, "attempts_status_check"],
    [
      "fewer failures than none",
      sql`UPDATE provider_api_pace SET failures = -1`,
      "provider_api_pace_failures_check",
    ],
    [
      "a pause without a failure",
      sql`UPDATE provider_api_pace SET paused_until = now()`,
      "provider_api_pace_paused_check",
    ],
    [
      "a sixth failed answer",
      sql`UPDATE sessions SET failed_answers = 6`,
      "sessions_failed_answers_check",
    ],
    [
      "a sixth failed answer of an account",
      sql`INSERT INTO answer_counts (key, failed, ends_at) VALUES ('k', 6, now())`,
      "answer_counts_failed_check",
    ],
    [
      "a connect code that opens nothing",
      sql`INSERT INTO connect_codes (code_key, account_keys, sealed_accounts, ends_at)
        VALUES ('k', '{}', 's', now())`,
      "connect_codes_accounts_check",
    ],
    [
      "a connect code that works for longer",
      sql`INSERT INTO connect_codes (code_key, account_keys, sealed_accounts, ends_at)
        VALUES ('k', '{a}', 's', now() + interval '16 minutes')`,
      "connect_codes_lifetime_check",
    ],
    [
      "a sixth failed answer of a connect code",
      sql`INSERT INTO connect_codes (code_key, account_keys, sealed_accounts, ends_at, failed)
        VALUES ('k', '{a}', 's', now(), 6)`,
      "connect_codes_failed_check",
    ],
    [
      "an event of no decision",
      sql`INSERT INTO audit_events (event, count) VALUES ('entered', 0)`,
      "audit_events_count_check",
    ],
    [
      "words in the audit trail",
      sql`INSERT INTO audit_events (event) VALUES ('Ada signed in')`,
      "audit_events_event_check",
    ],
    [
      "words as a reason in the audit trail",
      sql`INSERT INTO audit_events (event, reason) VALUES ('entered', 'Ada Lovelace')`,
      "audit_events_reason_check",
    ],
    [
      "a second pace",
      sql`INSERT INTO provider_api_pace (id) VALUES (2)`,
      "provider_api_pace_single_check",
    ],
    [
      "an outcome of no authorisation",
      sql`UPDATE outcomes SET authorisation_id = gen_random_uuid()`,
      "outcomes_authorisation_id_fkey",
    ],
  ])("%s", async (_, statement, constraint) => {
    await expect(run(statement)).rejects.toSatisfy((error: Error) =>
      JSON.stringify((error as { meta?: unknown }).meta).includes(constraint),
    );
  });
});
