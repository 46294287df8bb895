import { expect, test } from "vitest";
import { z } from "zod";
import { sql } from "../platform/db.ts";
import { useTestDb } from "../platform/test-db.fixture.ts";
import { createRetentionStore } from "./retention-store.ts";

const real = useTestDb();

test("a pair is known for as many days after its last sign-in as an authorisation is kept", async () => {
  await real.db.rows(
    z.unknown(),
    sql`INSERT INTO known_pairs (key, confirmed_at)
      VALUES ('~older', now() - interval '31 days'), ('~newer', now() - interval '29 days')
        RETURNING key`,
  );
  expect(
    await createRetentionStore(real.db, { retentionDays: 30, auditRetentionDays: 1 }).purge(100),
  ).toBe(1);
  expect(
    await real.db.rows(z.object({ key: z.string() }), sql`SELECT key FROM known_pairs`),
  ).toEqual([{ key: "~newer" }]);
});
