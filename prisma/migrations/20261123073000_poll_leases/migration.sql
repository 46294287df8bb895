-- Until when a poll may be in flight, apart from when the next one is due, which a ping of the bank's changes. Replicas of before neither read nor write it.
ALTER TABLE "sessions" ADD COLUMN     "poll_lease_until" TIMESTAMPTZ(6);
