-- When a page of the bank's own sent the browser back in the frame. Replicas of before neither read nor write it.
ALTER TABLE "sessions" ADD COLUMN     "returned_at" TIMESTAMPTZ(6);
