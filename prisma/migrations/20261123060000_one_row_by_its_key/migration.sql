-- A row is written thrice: short at its notification, with its parameters' digest at the first GET, with everything at the claim, four times as long. With room on its page a new version stands beside the
-- old one and no index changes (a heap-only tuple); without, each version enters the primary key anew, on a page of its own.
ALTER TABLE "authorisations" SET (fillfactor = 30);

-- Named by a column no statement about one row asks for: with "state" in the condition PostgreSQL took these for a short way to one row as well, and walked over every journey under way.
-- Building them holds up writes, and no reads, for seconds among ten million rows: those are answered 503 meanwhile (docs/deployment.md).
CREATE INDEX "sessions_expires_at_unfinished_idx" ON "sessions"("expires_at") WHERE "finished_at" IS NULL;
CREATE INDEX "outcomes_due_at_unsettled_idx" ON "outcomes"("due_at") WHERE "settled_at" IS NULL;
