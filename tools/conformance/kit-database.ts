import { randomBytes } from "node:crypto";
import type { AdapterParts } from "../../lib/banks/adapter-definition.ts";
import { openDb } from "../../lib/db/db.ts";
import { createSeals } from "../../lib/crypto/seal.ts";
import { createTestDatabase } from "../../testing/test-database.ts";
import { startTestPostgres } from "../../testing/test-postgres.mjs";

/**
 * Runs `work` with a migrated database of its own, which is dropped afterwards: on the server of
 * `DATABASE_URL`, or on a PostgreSQL that lives as long as this.
 */
export async function withDatabase<T>(
  work: (stored: NonNullable<AdapterParts["stored"]>) => Promise<T>,
): Promise<T> {
  const stop = process.env["TEST_POSTGRES_URL"] ? async () => undefined : await startTestPostgres();
  try {
    const database = await createTestDatabase();
    const db = openDb(database.url);
    try {
      return await work({ db, seals: createSeals([randomBytes(32)]) });
    } finally {
      await db.close();
      await database.drop();
    }
  } finally {
    await stop();
  }
}
