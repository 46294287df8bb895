-- What the provider's own systems are told, and what is undone at a bank (lib/events, lib/delivery). First what Prisma makes of prisma/schema.prisma.
-- CreateEnum
CREATE TYPE "outbox_destination" AS ENUM ('provider', 'bank');

-- CreateEnum
CREATE TYPE "outbox_state" AS ENUM ('pending', 'delivered', 'dropped', 'not_needed');

-- AlterTable
ALTER TABLE "authorisations" ADD COLUMN     "event_sequence" INTEGER NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "notifications" ADD COLUMN     "is_repeat" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "recent_bodies" JSONB NOT NULL DEFAULT '{}';

-- AlterTable
ALTER TABLE "outcomes" ADD COLUMN     "held" BOOLEAN NOT NULL DEFAULT false;

-- CreateTable
CREATE TABLE "outbox" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "destination" "outbox_destination" NOT NULL,
    "type" VARCHAR(60) NOT NULL,
    "authorisation_id" UUID,
    "bank_id" VARCHAR(300),
    "data" JSONB NOT NULL DEFAULT '{}',
    "raw" BYTEA,
    "undo_key" BYTEA,
    "sealed_undo" TEXT,
    "is_success" BOOLEAN NOT NULL DEFAULT false,
    "state" "outbox_state" NOT NULL DEFAULT 'pending',
    "due_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "retry_until" TIMESTAMPTZ(6) NOT NULL,
    "lease_until" TIMESTAMPTZ(6),
    "lease_epoch" INTEGER NOT NULL DEFAULT 0,
    "last_status" INTEGER,
    "last_failure" VARCHAR(40),
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "settled_at" TIMESTAMPTZ(6),

    CONSTRAINT "outbox_pkey" PRIMARY KEY ("id")
);

-- What Prisma's schema language cannot say.
ALTER TABLE "authorisations" ADD CONSTRAINT "authorisations_event_sequence_check" CHECK ("event_sequence" >= 0);

ALTER TABLE "outcomes" ADD CONSTRAINT "outcomes_held_check" CHECK (NOT "held" OR "state" IN ('pending', 'undeliverable'));

ALTER TABLE "outbox"
    ADD CONSTRAINT "outbox_settled_check" CHECK (("state" = 'pending') = ("settled_at" IS NULL)),
    ADD CONSTRAINT "outbox_epoch_check" CHECK ("lease_epoch" >= 0),
    ADD CONSTRAINT "outbox_status_check" CHECK ("last_status" BETWEEN 100 AND 599),
    ADD CONSTRAINT "outbox_destination_check" CHECK (("destination" = 'bank') = ("undo_key" IS NOT NULL)),
    -- What is needed to revoke something at a bank is there while that is to be done, and gone when it is.
    ADD CONSTRAINT "outbox_undo_check" CHECK ("sealed_undo" IS NULL OR ("destination" = 'bank' AND "state" = 'pending'));

-- What is undone at a bank, and the event that an outcome may wait for, each found by its authorisation. An event of a notification is in neither: it is written while Sage waits.
CREATE UNIQUE INDEX "outbox_undo_key" ON "outbox"("authorisation_id", "undo_key") WHERE "undo_key" IS NOT NULL;
CREATE INDEX "outbox_finished_idx" ON "outbox"("authorisation_id") WHERE "type" = 'reauthorisation.finished';

-- Only what waits: as small after ten million events as after ten.
CREATE INDEX "outbox_due_at_unsettled_idx" ON "outbox"("destination", "due_at") WHERE "settled_at" IS NULL;
-- What is past its retention, and what an operator lists.
CREATE INDEX "outbox_settled_at_idx" ON "outbox"("settled_at") WHERE "settled_at" IS NOT NULL;

