-- AlterTable
ALTER TABLE "sessions" ADD COLUMN     "poll_due_at" TIMESTAMPTZ(3),
ADD COLUMN     "retry_at" TIMESTAMPTZ(3);
