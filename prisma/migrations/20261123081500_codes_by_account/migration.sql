-- A wrong code is counted against the codes that open the asked account, which were looked for from one end of the table to the other. No condition on "used_at" or "failed": a column that an index names,
-- also in its condition, cannot change without a change of the index, and these two change (a heap-only tuple otherwise). Without a list of entries that wait (fastupdate), which every search would read.
CREATE INDEX "connect_codes_account_keys_idx" ON "connect_codes" USING GIN ("account_keys") WITH (fastupdate = off);
