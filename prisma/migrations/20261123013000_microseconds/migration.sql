-- Microseconds, as now() has them: a time rounded up to a millisecond lies ahead, and what is due at once is not due yet.
-- No table is rewritten: PostgreSQL knows that a wider precision changes no value.
DROP VIEW "delivery_report";

ALTER TABLE "notifications"
    ALTER COLUMN "first_received_at" SET DATA TYPE TIMESTAMPTZ(6),
    ALTER COLUMN "last_received_at" SET DATA TYPE TIMESTAMPTZ(6);

ALTER TABLE "authorisations"
    ALTER COLUMN "notified_at" SET DATA TYPE TIMESTAMPTZ(6),
    ALTER COLUMN "expires_at" SET DATA TYPE TIMESTAMPTZ(6),
    ALTER COLUMN "parameters_fixed_at" SET DATA TYPE TIMESTAMPTZ(6),
    ALTER COLUMN "claimed_at" SET DATA TYPE TIMESTAMPTZ(6);

ALTER TABLE "sessions"
    ALTER COLUMN "bank_deadline_at" SET DATA TYPE TIMESTAMPTZ(6),
    ALTER COLUMN "poll_due_at" SET DATA TYPE TIMESTAMPTZ(6),
    ALTER COLUMN "retry_at" SET DATA TYPE TIMESTAMPTZ(6),
    ALTER COLUMN "leaving_at" SET DATA TYPE TIMESTAMPTZ(6),
    ALTER COLUMN "created_at" SET DATA TYPE TIMESTAMPTZ(6),
    ALTER COLUMN "expires_at" SET DATA TYPE TIMESTAMPTZ(6),
    ALTER COLUMN "finished_at" SET DATA TYPE TIMESTAMPTZ(6);

ALTER TABLE "outcomes"
    ALTER COLUMN "due_at" SET DATA TYPE TIMESTAMPTZ(6),
    ALTER COLUMN "deliver_until" SET DATA TYPE TIMESTAMPTZ(6),
    ALTER COLUMN "lease_until" SET DATA TYPE TIMESTAMPTZ(6),
    ALTER COLUMN "created_at" SET DATA TYPE TIMESTAMPTZ(6),
    ALTER COLUMN "settled_at" SET DATA TYPE TIMESTAMPTZ(6);

ALTER TABLE "attempts"
    ALTER COLUMN "started_at" SET DATA TYPE TIMESTAMPTZ(6),
    ALTER COLUMN "finished_at" SET DATA TYPE TIMESTAMPTZ(6);

ALTER TABLE "provider_api_pace"
    ALTER COLUMN "paused_until" SET DATA TYPE TIMESTAMPTZ(6);

-- As it was (20261122233000_pace_pause_and_indexes): a view holds on to the types of its columns.
CREATE VIEW "delivery_report" AS
SELECT
    o."authorisation_id",
    o."state",
    o."created_at",
    o."settled_at",
    o."due_at",
    o."deliver_until",
    coalesce(o."lease_until" > now(), false) AS "under_way",
    count(a."number")::int AS "attempts",
    -- Attempts that may have been applied although nobody was told so.
    count(a."number") FILTER (WHERE a."result" = 'unclear' OR (a."result" IS NULL AND coalesce(o."lease_until" <= now(), true)))::int AS "unclear_attempts",
    max(a."started_at") AS "last_attempt_at",
    (array_agg(a."http_status" ORDER BY a."number" DESC))[1] AS "last_status",
    (array_agg(a."failure" ORDER BY a."number" DESC))[1] AS "last_failure"
FROM "outcomes" o
LEFT JOIN "attempts" a ON a."authorisation_id" = o."authorisation_id"
WHERE o."state" <> 'not_required'
GROUP BY o."authorisation_id";
