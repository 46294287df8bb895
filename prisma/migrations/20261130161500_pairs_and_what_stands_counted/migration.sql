-- AlterTable
ALTER TABLE "answer_counts" ALTER COLUMN "key" SET DATA TYPE VARCHAR(44);

-- AlterTable
ALTER TABLE "authorisations" ADD COLUMN     "refused_keys" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- AlterTable
ALTER TABLE "sessions" ADD COLUMN     "standing" JSONB NOT NULL DEFAULT '[]';

-- CreateTable
CREATE TABLE "known_pairs" (
    "key" VARCHAR(44) NOT NULL,
    "confirmed_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "known_pairs_pkey" PRIMARY KEY ("key")
);

-- CreateIndex
CREATE INDEX "known_pairs_confirmed_at_idx" ON "known_pairs"("confirmed_at");
