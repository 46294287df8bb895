-- AlterTable
-- Microseconds: at a thousand turns a second a millisecond is a whole turn.
ALTER TABLE "provider_api_pace" ADD COLUMN     "failures" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "paused_until" TIMESTAMPTZ(3),
ALTER COLUMN "next_slot_at" SET DATA TYPE TIMESTAMPTZ(6);

-- DropIndex
DROP INDEX "outcomes_state_due_at_idx";

-- DropIndex
DROP INDEX "sessions_state_expires_at_idx";

-- What Prisma's schema language cannot say. Each check has a test in prisma/schema.integration.ts, each index one in e2e/integration/scale.integration.ts.
ALTER TABLE "provider_api_pace"
    ADD CONSTRAINT "provider_api_pace_failures_check" CHECK ("failures" >= 0),
    ADD CONSTRAINT "provider_api_pace_paused_check" CHECK ("paused_until" IS NULL OR "failures" > 0);

-- Only what still runs or waits: as small after ten million authorisations as after ten.
CREATE INDEX "outcomes_due_at_pending_idx" ON "outcomes"("due_at") WHERE "state" = 'pending';
CREATE INDEX "sessions_expires_at_running_idx" ON "sessions"("expires_at") WHERE "state" <> 'finished';

-- What an operator looks at (docs/operations.md): each delivery in one row. It holds no body, no address and nothing a person typed.
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
