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
CREATE INDEX "connect_codes_ends_at_idx" ON "connect_codes"("ends_at");

-- CreateIndex
CREATE INDEX "connect_codes_person_key_idx" ON "connect_codes"("person_key");

-- What Prisma's schema language cannot say. Each check has a test in prisma/schema.integration.ts.
ALTER TABLE "connect_codes"
    ADD CONSTRAINT "connect_codes_failed_check" CHECK ("failed" BETWEEN 0 AND 5),
    ADD CONSTRAINT "connect_codes_lifetime_check" CHECK ("ends_at" BETWEEN "made_at" AND "made_at" + interval '15 minutes'),
    ADD CONSTRAINT "connect_codes_accounts_check" CHECK (cardinality("account_keys") > 0);
