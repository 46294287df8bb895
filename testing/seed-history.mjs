// A past: authorisations that were notified, claimed, finished and told, for measurements on tables
// of a given size.

// One in twenty was never claimed, as when people change their mind; one in a hundred of the others
// was cancelled; the rest took one attempt each.
const tables = [
  `INSERT INTO notifications (type, resource_type, resource_id, bank_id, first_received_at,
    last_received_at)
   SELECT 'resourceCreated', 'authorisation', seed_id(n)::text, 'bank', seed_at(n), seed_at(n)
     FROM generate_series($1::bigint, $2::bigint) n`,
  `INSERT INTO authorisations (id, bank_id, notified_at, expires_at, parameters_digest,
    parameters_fixed_at, claimed_at, bank_account, external_id, redirect_uri, state)
   SELECT seed_id(n), 'bank', seed_at(n), seed_at(n) + interval '19 minutes',
     sha256(n::text::bytea), seed_at(n),
     CASE WHEN claimed THEN seed_at(n) END, CASE WHEN claimed THEN 'bank-account' END, CASE
       WHEN claimed THEN 'account-' || n END,
     CASE WHEN claimed THEN 'https://eu.sagebankdrive.com/api/v1/indirectredirect/' || n END,
       CASE WHEN claimed THEN 'state-' || n END
   FROM generate_series($1::bigint, $2::bigint) n,
     LATERAL (SELECT n % 20 <> 0 AS claimed) AS facts`,
  `INSERT INTO sessions (id, authorisation_id, handle_digest, state, step, locale, result,
    created_at, expires_at, finished_at)
   SELECT seed_id(-n), seed_id(n), sha256(('handle' || n)::bytea), 'finished', 3, 'en-GB', (CASE
     WHEN n % 100 = 1 THEN 'cancelled' ELSE 'authorised' END)::session_result,
     seed_at(n), seed_at(n) + interval '19 minutes', seed_at(n) + interval '1 minute'
   FROM generate_series($1::bigint, $2::bigint) n WHERE n % 20 <> 0`,
  `INSERT INTO outcomes (authorisation_id, state, body, due_at, deliver_until, lease_epoch,
    created_at, settled_at)
   SELECT seed_id(n), (CASE WHEN told THEN 'delivered'
     ELSE 'not_required' END)::delivery_state, CASE WHEN told
       THEN '{"data":{"status":"success"}}'::jsonb END,
     seed_at(n) + interval '1 minute', seed_at(n) + interval '20 minutes', CASE WHEN told THEN 1
       ELSE 0 END, seed_at(n) + interval '1 minute', seed_at(n) + interval '1 minute'
   FROM generate_series($1::bigint, $2::bigint) n, LATERAL (SELECT n % 100 <> 1 AS told) AS facts
     WHERE n % 20 <> 0`,
  `INSERT INTO attempts (authorisation_id, number, started_at, finished_at, result, http_status)
   SELECT seed_id(n), 1, seed_at(n) + interval '1 minute', seed_at(n) + interval '1 minute',
     'applied', 200
   FROM generate_series($1::bigint, $2::bigint) n WHERE n % 20 <> 0 AND n % 100 <> 1`,
  `INSERT INTO outbox (id, destination, type, authorisation_id, bank_id, data, state, due_at,
    retry_until, lease_epoch, last_status, created_at, settled_at)
   SELECT seed_id(n + 1000000000), 'provider', 'reauthorisation.finished', seed_id(n), 'bank',
     '{"sequence": 1, "result": "authorised"}', 'delivered', seed_at(n), seed_at(n), 1, 204,
     seed_at(n), seed_at(n)
   FROM generate_series($1::bigint, $2::bigint) n`,
  `INSERT INTO audit_events (at, event, reason, authorisation_id, step)
   SELECT seed_at(n) + after, event, reason, seed_id(n), step
     FROM generate_series($1::bigint, $2::bigint) n,
     LATERAL (VALUES ('started', NULL, 1, interval '0'), ('finished', CASE WHEN n % 100 = 1
       THEN 'cancelled' ELSE 'authorised' END, 3, interval '1 minute')) AS facts (event, reason,
         step, after)
   WHERE n % 20 <> 0`,
];

/**
 * Adds the numbers `from` to `to` of a past that is spread over the last 28 days, within the usual
 * retention.
 * @param {import('pg').ClientBase} client
 * @param {{ from: number, to: number }} numbers
 */
export async function seedHistory(client, { from, to }) {
  // Ids are spread like random ones, and can be made again from their number.
  await client.query(`
    CREATE OR REPLACE FUNCTION pg_temp.seed_id(n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS
      $$ SELECT overlay(overlay(md5(n::text) placing '4' from 13) placing '8' from 17)::uuid $$;
    CREATE OR REPLACE FUNCTION pg_temp.seed_at(n bigint) RETURNS timestamptz LANGUAGE sql STABLE
      AS $$ SELECT date_trunc('day', now()) - interval '1 day' - (n % 2332800) * interval
        '1 second' $$`);
  // The trail has the times of the past, and not of now; and one statement writes it many times
  // faster than a trigger for each row.
  await client.query("ALTER TABLE sessions DISABLE TRIGGER sessions_audited_insert");
  for (const table of tables)
    await client.query(table.replaceAll("seed_", "pg_temp.seed_"), [from, to]);
  await client.query("ALTER TABLE sessions ENABLE TRIGGER sessions_audited_insert");
}
