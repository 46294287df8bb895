-- AlterTable
ALTER TABLE "sessions" ADD COLUMN     "account" VARCHAR(43),
ADD COLUMN     "counted_keys" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "failed_answers" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "verdict" VARCHAR(20);

-- CreateTable
CREATE TABLE "answer_counts" (
    "key" VARCHAR(43) NOT NULL,
    "failed" INTEGER NOT NULL,
    "ends_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "answer_counts_pkey" PRIMARY KEY ("key")
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

-- CreateIndex
CREATE INDEX "answer_counts_ends_at_idx" ON "answer_counts"("ends_at");

-- CreateIndex
CREATE INDEX "audit_events_at_idx" ON "audit_events"("at");

-- CreateIndex
CREATE INDEX "audit_events_authorisation_id_idx" ON "audit_events"("authorisation_id");

-- What Prisma's schema language cannot say. Each check has a test in prisma/schema.integration.ts.
ALTER TABLE "sessions"
    ADD CONSTRAINT "sessions_failed_answers_check" CHECK ("failed_answers" BETWEEN 0 AND 5);
ALTER TABLE "answer_counts"
    ADD CONSTRAINT "answer_counts_failed_check" CHECK ("failed" BETWEEN 0 AND 5);
ALTER TABLE "audit_events"
    ADD CONSTRAINT "audit_events_count_check" CHECK ("count" > 0),
    ADD CONSTRAINT "audit_events_event_check" CHECK ("event" ~ '^[a-z-]+$'),
    ADD CONSTRAINT "audit_events_reason_check" CHECK ("reason" ~ '^[a-z-]+(: ?[a-z-]+)?$');

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
