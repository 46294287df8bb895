import { afterAll, beforeAll } from "vitest";
import { createTestDatabase, type TestDatabase } from "./test-database.ts";
import { type Db, openDb } from "../lib/db/db.ts";

/**
 * A migrated database of a test file's own, on real PostgreSQL; there between its first and its
 * last test.
 */
export function useTestDb(): {
  readonly db: Db;
  readonly url: string;
  readonly runtimeUrl: string;
} {
  let database: TestDatabase | undefined;
  let db: Db | undefined;
  beforeAll(async () => {
    database = await createTestDatabase();
    db = openDb(database.url);
  });
  afterAll(async () => {
    await db?.close();
    await database?.drop();
  });
  const there = <T>(part: T | undefined): T => {
    if (part === undefined)
      throw new Error("the test database is there while tests run, not while they are collected");
    return part;
  };
  return {
    get db() {
      return there(db);
    },
    get url() {
      return there(database).url;
    },
    get runtimeUrl() {
      return there(database).runtimeUrl;
    },
  };
}
