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
    "first_received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "notifications_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "authorisations" (
    "id" UUID NOT NULL,
    "bank_id" VARCHAR(300),
    "notified_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "parameters_digest" BYTEA,
    "parameters_fixed_at" TIMESTAMPTZ(3),
    "claimed_at" TIMESTAMPTZ(3),
    "bank_account" VARCHAR(128),
    "external_id" VARCHAR(256),
    "redirect_uri" VARCHAR(512),
    "state" VARCHAR(128),

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
    "bank_deadline_at" TIMESTAMPTZ(3),
    "leaving_at" TIMESTAMPTZ(3),
    "result" "session_result",
    "reason" VARCHAR(40),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "sessions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "outcomes" (
    "authorisation_id" UUID NOT NULL,
    "state" "delivery_state" NOT NULL,
    "body" JSONB,
    "due_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deliver_until" TIMESTAMPTZ(3) NOT NULL,
    "lease_until" TIMESTAMPTZ(3),
    "lease_epoch" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "settled_at" TIMESTAMPTZ(3),

    CONSTRAINT "outcomes_pkey" PRIMARY KEY ("authorisation_id")
);

-- CreateTable
CREATE TABLE "attempts" (
    "authorisation_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),
    "result" "attempt_result",
    "http_status" INTEGER,
    "failure" VARCHAR(40),

    CONSTRAINT "attempts_pkey" PRIMARY KEY ("authorisation_id","number")
);

-- CreateTable
CREATE TABLE "provider_api_pace" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "next_slot_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "provider_api_pace_pkey" PRIMARY KEY ("id")
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
CREATE INDEX "sessions_state_expires_at_idx" ON "sessions"("state", "expires_at");

-- CreateIndex
CREATE INDEX "outcomes_state_due_at_idx" ON "outcomes"("state", "due_at");

-- AddForeignKey
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_authorisation_id_fkey" FOREIGN KEY ("authorisation_id") REFERENCES "authorisations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "outcomes" ADD CONSTRAINT "outcomes_authorisation_id_fkey" FOREIGN KEY ("authorisation_id") REFERENCES "authorisations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "attempts" ADD CONSTRAINT "attempts_authorisation_id_fkey" FOREIGN KEY ("authorisation_id") REFERENCES "outcomes"("authorisation_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What Prisma's schema language cannot say. Every rule here has a test in prisma/schema.integration.ts.
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
    ADD CONSTRAINT "sessions_reason_check" CHECK ("reason" ~ '^[a-z]+(-[a-z]+)*$');

ALTER TABLE "outcomes"
    ADD CONSTRAINT "outcomes_body_check" CHECK (("state" = 'not_required') = ("body" IS NULL)),
    ADD CONSTRAINT "outcomes_settled_check" CHECK (("state" = 'pending') = ("settled_at" IS NULL)),
    ADD CONSTRAINT "outcomes_epoch_check" CHECK ("lease_epoch" >= 0);

ALTER TABLE "attempts"
    ADD CONSTRAINT "attempts_number_check" CHECK ("number" >= 1),
    ADD CONSTRAINT "attempts_finished_check" CHECK (("finished_at" IS NULL) = ("result" IS NULL)),
    ADD CONSTRAINT "attempts_status_check" CHECK ("http_status" BETWEEN 100 AND 599);

ALTER TABLE "provider_api_pace"
    ADD CONSTRAINT "provider_api_pace_single_check" CHECK ("id" = 1);

INSERT INTO "provider_api_pace" ("id") VALUES (1);
