-- The whole schema as of 0.2.0; versions before were never released. First what Prisma makes of prisma/schema.prisma.
-- CreateEnum
CREATE TYPE "session_state" AS ENUM ('awaiting_user', 'awaiting_bank', 'finished');

-- CreateEnum
CREATE TYPE "session_result" AS ENUM ('authorised', 'refused', 'cancelled', 'expired', 'failed');

-- CreateEnum
CREATE TYPE "delivery_state" AS ENUM ('not_required', 'pending', 'delivered', 'probably_applied', 'undeliverable');

-- CreateEnum
CREATE TYPE "attempt_result" AS ENUM ('applied', 'rejected', 'postponed', 'unclear');

-- CreateTable
CREATE TABLE "notifications" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "type" VARCHAR(100) NOT NULL,
    "resource_type" VARCHAR(100) NOT NULL,
    "resource_id" VARCHAR(300) NOT NULL,
    "resource_url" VARCHAR(2000),
    "bank_id" VARCHAR(300),
    "external_id" VARCHAR(300),
    "receipts" INTEGER NOT NULL DEFAULT 1,
    "first_received_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_received_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "notifications_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "authorisations" (
    "id" UUID NOT NULL,
    "bank_id" VARCHAR(300),
    "notified_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(6) NOT NULL,
    "parameters_digest" BYTEA,
    "parameters_fixed_at" TIMESTAMPTZ(6),
    "claimed_at" TIMESTAMPTZ(6),
    "bank_account" VARCHAR(128),
    "external_id" VARCHAR(256),
    "redirect_uri" VARCHAR(512),
    "state" VARCHAR(128),
    "refused_keys" TEXT[] DEFAULT ARRAY[]::TEXT[],

    CONSTRAINT "authorisations_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sessions" (
    "id" UUID NOT NULL,
    "authorisation_id" UUID NOT NULL,
    "handle_digest" BYTEA NOT NULL,
    "state" "session_state" NOT NULL,
    "step" INTEGER NOT NULL,
    "locale" VARCHAR(35) NOT NULL,
    "sealed_step" TEXT,
    "bank_deadline_at" TIMESTAMPTZ(6),
    "poll_due_at" TIMESTAMPTZ(6),
    "poll_lease_until" TIMESTAMPTZ(6),
    "retry_at" TIMESTAMPTZ(6),
    "leaving_at" TIMESTAMPTZ(6),
    "returned_at" TIMESTAMPTZ(6),
    "result" "session_result",
    "reason" VARCHAR(40),
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(6) NOT NULL,
    "finished_at" TIMESTAMPTZ(6),
    "account" VARCHAR(43),
    "counted_keys" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "standing" JSONB NOT NULL DEFAULT '[]',
    "failed_answers" INTEGER NOT NULL DEFAULT 0,
    "verdict" VARCHAR(20),

    CONSTRAINT "sessions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "former_handles" (
    "handle_digest" BYTEA NOT NULL,
    "session_id" UUID NOT NULL,

    CONSTRAINT "former_handles_pkey" PRIMARY KEY ("handle_digest")
);

-- CreateTable
CREATE TABLE "outcomes" (
    "authorisation_id" UUID NOT NULL,
    "state" "delivery_state" NOT NULL,
    "body" JSONB,
    "due_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deliver_until" TIMESTAMPTZ(6) NOT NULL,
    "lease_until" TIMESTAMPTZ(6),
    "lease_epoch" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "settled_at" TIMESTAMPTZ(6),

    CONSTRAINT "outcomes_pkey" PRIMARY KEY ("authorisation_id")
);

-- CreateTable
CREATE TABLE "attempts" (
    "authorisation_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "started_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(6),
    "result" "attempt_result",
    "http_status" INTEGER,
    "failure" VARCHAR(40),

    CONSTRAINT "attempts_pkey" PRIMARY KEY ("authorisation_id","number")
);

-- CreateTable
CREATE TABLE "provider_api_pace" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "next_slot_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "paused_until" TIMESTAMPTZ(6),

    CONSTRAINT "provider_api_pace_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "answer_counts" (
    "key" VARCHAR(44) NOT NULL,
    "failed" INTEGER NOT NULL,
    "ends_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "answer_counts_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "known_pairs" (
    "key" VARCHAR(44) NOT NULL,
    "confirmed_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "known_pairs_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "audit_events" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "event" VARCHAR(40) NOT NULL,
    "reason" VARCHAR(60),
    "authorisation_id" UUID,
    "account" VARCHAR(43),
    "step" INTEGER,
    "count" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "audit_events_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "connect_codes" (
    "code_key" VARCHAR(43) NOT NULL,
    "account_keys" TEXT[],
    "person_key" VARCHAR(43),
    "sealed_accounts" TEXT NOT NULL,
    "failed" INTEGER NOT NULL DEFAULT 0,
    "made_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ends_at" TIMESTAMPTZ(6) NOT NULL,
    "used_at" TIMESTAMPTZ(6),

    CONSTRAINT "connect_codes_pkey" PRIMARY KEY ("code_key")
);

-- CreateIndex
CREATE INDEX "notifications_last_received_at_idx" ON "notifications"("last_received_at");

-- CreateIndex
CREATE UNIQUE INDEX "notifications_type_resource_type_resource_id_key" ON "notifications"("type", "resource_type", "resource_id");

-- CreateIndex
CREATE INDEX "authorisations_expires_at_idx" ON "authorisations"("expires_at");

-- CreateIndex
CREATE UNIQUE INDEX "sessions_authorisation_id_key" ON "sessions"("authorisation_id");

-- CreateIndex
CREATE UNIQUE INDEX "sessions_handle_digest_key" ON "sessions"("handle_digest");

-- CreateIndex
CREATE INDEX "former_handles_session_id_idx" ON "former_handles"("session_id");

-- CreateIndex
CREATE INDEX "answer_counts_ends_at_idx" ON "answer_counts"("ends_at");

-- CreateIndex
CREATE INDEX "known_pairs_confirmed_at_idx" ON "known_pairs"("confirmed_at");

-- CreateIndex
CREATE INDEX "audit_events_at_idx" ON "audit_events"("at");

-- CreateIndex
CREATE INDEX "audit_events_authorisation_id_idx" ON "audit_events"("authorisation_id");

-- CreateIndex
CREATE INDEX "connect_codes_ends_at_idx" ON "connect_codes"("ends_at");

-- CreateIndex
CREATE INDEX "connect_codes_person_key_idx" ON "connect_codes"("person_key");

-- CreateIndex
-- No condition on "used_at" or "failed": a column that an index names, also in its condition, cannot change without a change of the index (a heap-only tuple otherwise).
-- Without a list of entries that wait (fastupdate), which every search would read.
CREATE INDEX "connect_codes_account_keys_idx" ON "connect_codes" USING GIN ("account_keys") WITH (fastupdate = off);

-- AddForeignKey
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_authorisation_id_fkey" FOREIGN KEY ("authorisation_id") REFERENCES "authorisations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "former_handles" ADD CONSTRAINT "former_handles_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "sessions"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "outcomes" ADD CONSTRAINT "outcomes_authorisation_id_fkey" FOREIGN KEY ("authorisation_id") REFERENCES "authorisations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "attempts" ADD CONSTRAINT "attempts_authorisation_id_fkey" FOREIGN KEY ("authorisation_id") REFERENCES "outcomes"("authorisation_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- The mark that start and readiness know a database of 0.2.0 or later by (lib/db/database-check.ts).
COMMENT ON TABLE "authorisations" IS 'Re-authorisation connector, 0.2.0';

-- What Prisma's schema language cannot say. Each check has a test in prisma/schema.integration.ts, each index one in e2e/integration/scale.integration.ts.
ALTER TABLE "notifications"
    ADD CONSTRAINT "notifications_receipts_check" CHECK ("receipts" >= 1),
    ADD CONSTRAINT "notifications_order_check" CHECK ("last_received_at" >= "first_received_at");

ALTER TABLE "authorisations"
    ADD CONSTRAINT "authorisations_lifetime_check" CHECK ("expires_at" > "notified_at"),
    ADD CONSTRAINT "authorisations_digest_check" CHECK (octet_length("parameters_digest") = 32),
    ADD CONSTRAINT "authorisations_fixed_check" CHECK (("parameters_digest" IS NULL) = ("parameters_fixed_at" IS NULL)),
    -- The claim freezes where the person goes back to and which account they must show: all of it, or no claim.
    ADD CONSTRAINT "authorisations_claim_check" CHECK (
        ("claimed_at" IS NULL AND "external_id" IS NULL AND "redirect_uri" IS NULL AND "state" IS NULL AND "bank_account" IS NULL)
        OR ("claimed_at" IS NOT NULL AND "external_id" IS NOT NULL AND "redirect_uri" IS NOT NULL AND "state" IS NOT NULL AND "parameters_digest" IS NOT NULL)
    );

ALTER TABLE "sessions"
    ADD CONSTRAINT "sessions_digest_check" CHECK (octet_length("handle_digest") = 32),
    ADD CONSTRAINT "sessions_step_check" CHECK ("step" >= 1),
    ADD CONSTRAINT "sessions_bank_deadline_check" CHECK (("state" = 'awaiting_bank') = ("bank_deadline_at" IS NOT NULL)),
    ADD CONSTRAINT "sessions_finished_check" CHECK (("state" = 'finished') = ("result" IS NOT NULL) AND ("state" = 'finished') = ("finished_at" IS NOT NULL)),
    -- What the bank asked is readable while the session runs, and gone when it ends.
    ADD CONSTRAINT "sessions_sealed_step_check" CHECK (("state" = 'finished') = ("sealed_step" IS NULL)),
    ADD CONSTRAINT "sessions_reason_check" CHECK ("reason" ~ '^[a-z]+(-[a-z]+)*$'),
    ADD CONSTRAINT "sessions_failed_answers_check" CHECK ("failed_answers" BETWEEN 0 AND 5);

ALTER TABLE "outcomes"
    ADD CONSTRAINT "outcomes_body_check" CHECK (("state" = 'not_required') = ("body" IS NULL)),
    ADD CONSTRAINT "outcomes_settled_check" CHECK (("state" = 'pending') = ("settled_at" IS NULL)),
    ADD CONSTRAINT "outcomes_epoch_check" CHECK ("lease_epoch" >= 0);

ALTER TABLE "attempts"
    ADD CONSTRAINT "attempts_number_check" CHECK ("number" >= 1),
    ADD CONSTRAINT "attempts_finished_check" CHECK (("finished_at" IS NULL) = ("result" IS NULL)),
    ADD CONSTRAINT "attempts_status_check" CHECK ("http_status" BETWEEN 100 AND 599);

ALTER TABLE "provider_api_pace"
    ADD CONSTRAINT "provider_api_pace_single_check" CHECK ("id" = 1),
    ADD CONSTRAINT "provider_api_pace_failures_check" CHECK ("failures" >= 0),
    ADD CONSTRAINT "provider_api_pace_paused_check" CHECK ("paused_until" IS NULL OR "failures" > 0);

ALTER TABLE "answer_counts"
    ADD CONSTRAINT "answer_counts_failed_check" CHECK ("failed" BETWEEN 0 AND 5);
ALTER TABLE "audit_events"
    ADD CONSTRAINT "audit_events_count_check" CHECK ("count" > 0),
    ADD CONSTRAINT "audit_events_event_check" CHECK ("event" ~ '^[a-z-]+$'),
    ADD CONSTRAINT "audit_events_reason_check" CHECK ("reason" ~ '^[a-z-]+(: ?[a-z-]+)?$');

ALTER TABLE "connect_codes"
    ADD CONSTRAINT "connect_codes_failed_check" CHECK ("failed" BETWEEN 0 AND 5),
    ADD CONSTRAINT "connect_codes_lifetime_check" CHECK ("ends_at" BETWEEN "made_at" AND "made_at" + interval '15 minutes'),
    ADD CONSTRAINT "connect_codes_accounts_check" CHECK (cardinality("account_keys") > 0);

-- A row is written thrice: short at its notification, with its parameters' digest at the first GET, with everything at the claim, four times as long. With room on its page a new version stands beside the
-- old one and no index changes (a heap-only tuple); without, each version enters the primary key anew, on a page of its own.
ALTER TABLE "authorisations" SET (fillfactor = 30);

-- Only what still runs or waits: as small after ten million authorisations as after ten. Named by a column no statement about one row asks for: with "state" in the condition PostgreSQL would take these for
-- a short way to one row as well, and walk over every journey under way.
CREATE INDEX "sessions_expires_at_unfinished_idx" ON "sessions"("expires_at") WHERE "finished_at" IS NULL;
CREATE INDEX "outcomes_due_at_unsettled_idx" ON "outcomes"("due_at") WHERE "settled_at" IS NULL;

-- What an operator looks for in delivery_report (docs/operations.md), however many were delivered.
CREATE INDEX "outcomes_settled_at_trouble_idx" ON "outcomes"("settled_at") WHERE "state" IN ('probably_applied', 'undeliverable');

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

-- Written by the database itself, in the transaction of the transition: no code can move a session without it.
CREATE FUNCTION "audit_session"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO "audit_events" ("event", "authorisation_id", "account", "step") VALUES ('started', NEW."authorisation_id", NEW."account", NEW."step");
    END IF;
    IF NEW."state" = 'awaiting_bank' THEN
        INSERT INTO "audit_events" ("event", "authorisation_id", "account", "step") VALUES ('bank-asked', NEW."authorisation_id", NEW."account", NEW."step");
    ELSIF NEW."state" = 'finished' THEN
        INSERT INTO "audit_events" ("event", "reason", "authorisation_id", "account", "step")
        VALUES ('finished', concat_ws(': ', NEW."result"::text, NEW."reason"), NEW."authorisation_id", NEW."account", NEW."step");
    ELSIF TG_OP = 'UPDATE' AND OLD."state" = 'awaiting_bank' THEN
        INSERT INTO "audit_events" ("event", "reason", "authorisation_id", "account", "step") VALUES ('answer-judged', NEW."verdict", NEW."authorisation_id", NEW."account", OLD."step");
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER "sessions_audited_insert" AFTER INSERT ON "sessions" FOR EACH ROW EXECUTE FUNCTION "audit_session"();
CREATE TRIGGER "sessions_audited_update" AFTER UPDATE OF "state" ON "sessions" FOR EACH ROW WHEN (OLD."state" IS DISTINCT FROM NEW."state") EXECUTE FUNCTION "audit_session"();

-- The entry that bound an authorisation to its parameters.
CREATE FUNCTION "audit_entry"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO "audit_events" ("event", "authorisation_id") VALUES ('entered', NEW."id");
    RETURN NULL;
END
$$;

CREATE TRIGGER "authorisations_audited" AFTER UPDATE OF "parameters_fixed_at" ON "authorisations" FOR EACH ROW WHEN (OLD."parameters_fixed_at" IS NULL AND NEW."parameters_fixed_at" IS NOT NULL) EXECUTE FUNCTION "audit_entry"();

INSERT INTO "provider_api_pace" ("id") VALUES (1);
