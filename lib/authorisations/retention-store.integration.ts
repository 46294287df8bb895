import { expect, test } from "vitest";
import { z } from "zod";
import { sql } from "../db/db.ts";
import { useTestDb } from "../../testing/test-db.ts";
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

test("a connect code goes an hour after its end", async () => {
  const insert = (key: string, ended: string) =>
    real.db.rows(
      z.unknown(),
      sql`INSERT INTO connect_codes (code_key, account_keys, sealed_accounts, made_at, ends_at)
        VALUES (${key}, '{a}', 's', now() - ${ended}::interval - interval '10 minutes',
          now() - ${ended}::interval)
        RETURNING code_key`,
    );
  await insert("older", "61 minutes");
  await insert("newer", "59 minutes");
  await createRetentionStore(real.db, { retentionDays: 1, auditRetentionDays: 1 }).purge(100);
  expect(
    await real.db.rows(z.object({ code_key: z.string() }), sql`SELECT code_key FROM connect_codes`),
  ).toEqual([{ code_key: "newer" }]);
});
