import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { createAuditStore } from "../lib/authorisations/audit-store.ts";
import { createRetentionStore } from "../lib/authorisations/retention-store.ts";
import { createConnectCodeStore } from "../lib/banks/connect-code/connect-code-store.ts";
import { runtimeRights } from "../lib/db/database-check.ts";
import { sqlState } from "../lib/db/database-failure.ts";
import { type Db, openDb, sql } from "../lib/db/db.ts";
import { useTestDb } from "../testing/test-db.ts";
import { asRole, createEmptyDatabase, dropDatabase, onServer } from "../testing/test-database.ts";

// Whole journeys as the run-time role: e2e/integration/*.integration.ts and the end-to-end tests.
const real = useTestDb();
let runtime: Db;
beforeAll(() => void (runtime = openDb(real.runtimeUrl)));
afterAll(() => runtime.close());

const stateOf = (statement: string) =>
  onServer(real.runtimeUrl, statement).then(
    () => undefined,
    (error: { code?: string }) => error.code,
  );
const insufficient = "42501";

test("prisma/roles.sql may be run again, and makes whole what is half there", async () => {
  const isMember = async () => {
    const [row] = await real.db.rows(
      z.object({ member: z.boolean() }),
      sql`SELECT pg_has_role('connector_migrator', 'connector_owner', 'MEMBER') AS member`,
    );
    return row?.member;
  };
  await onServer(real.url, "REVOKE connector_owner FROM connector_migrator");
  expect(await isMember()).toBe(false);
  for (let times = 0; times < 2; times += 1)
    await onServer(real.url, readFileSync(path.resolve(import.meta.dirname, "roles.sql"), "utf8"));
  expect(await isMember()).toBe(true);
  expect(await runtime.problems()).toEqual([]);
});

describe("the run-time role", () => {
  test("is ready, in a database that the owner migrated", async () =>
    expect(await runtime.problems()).toEqual([]));
  test("has every right that is listed, and no other, on every table, view and sequence there is", async () => {
    const relation = z.object({ name: z.string(), rights: z.array(z.string()) });
    const found = await real.db.rows(
      relation,
      sql`
      SELECT c.relname::text AS name, ARRAY(
        SELECT a.privilege_type FROM aclexplode(c.relacl) a
          WHERE a.grantee IN (0, 'connector_runtime'::regrole)
        UNION ALL SELECT p.privilege_type || ' (' || t.attname || ')'
          FROM pg_attribute t, aclexplode(t.attacl) p
            WHERE t.attrelid = c.oid AND p.grantee IN (0, 'connector_runtime'::regrole)
      ) AS rights FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
        AND c.relkind IN ('r', 'v', 'm', 'S', 'p', 'f')`,
    );
    // Tables of the migrator and of operators.
    const others = { _prisma_migrations: [], delivery_report: [] };
    const sorted = (rights: Readonly<Record<string, readonly string[]>>) =>
      Object.fromEntries(Object.entries(rights).map(([name, list]) => [name, list.toSorted()]));
    expect(sorted(Object.fromEntries(found.map(({ name, rights }) => [name, rights])))).toEqual(
      sorted({ ...runtimeRights, ...others }),
    );
  });
  test.each([
    ["make a table", "CREATE TABLE mine (id int)"],
    ["change a table", "ALTER TABLE sessions ADD COLUMN mine int"],
    ["take away the audit", "DROP TRIGGER sessions_audited_insert ON sessions"],
    ["change what the audit trail says", "UPDATE audit_events SET event = 'finished'"],
    ["empty a table", "TRUNCATE notifications CASCADE"],
    ["delete journeys, but with their authorisation", "DELETE FROM sessions"],
    ["see the migrations", "SELECT FROM _prisma_migrations"],
    ["make a schema", "CREATE SCHEMA mine"],
  ])("may not %s", async (_, statement) => expect(await stateOf(statement)).toBe(insufficient));
  test("purges, counts what it refuses, and keeps connect codes", async () => {
    await onServer(
      real.url,
      "INSERT INTO authorisations (id, notified_at, expires_at) VALUES (gen_random_uuid(), " +
        "now() - interval '60 days', now() - interval '59 days'); INSERT INTO audit_events " +
        "(at, event) VALUES (now() - interval '800 days', 'entered')",
    );
    expect(
      await createRetentionStore(runtime, { retentionDays: 30, auditRetentionDays: 365 }).purge(10),
    ).toBe(2);
    const audit = createAuditStore(runtime);
    audit.increment("form-refused", "origin");
    await audit.flush();
    const codes = createConnectCodeStore(runtime);
    await codes.keep({
      codeKey: "c",
      accountKeys: ["a"],
      personKey: null,
      personKeys: [],
      sealedAccounts: "x",
      validSeconds: 60,
    });
    expect(await codes.take(["c"], ["a"])).toEqual({ type: "used", sealedAccounts: "x" });
  });
  test("that lacks a right is not ready, and what it lacks is named", async () => {
    await onServer(
      real.url,
      "REVOKE DELETE ON notifications FROM connector_runtime; REVOKE USAGE ON SEQUENCE " +
        "audit_events_id_seq FROM connector_runtime",
    );
    expect(await runtime.problems()).toEqual([
      expect.stringContaining("USAGE on audit_events_id_seq, DELETE on notifications"),
    ]);
    const refused = await runtime
      .rows(z.unknown(), sql`DELETE FROM notifications RETURNING 1`)
      .catch((error: Error) => error);
    expect(refused).toMatchObject({ name: "DatabaseUnavailable" });
    expect(sqlState((refused as Error).cause as Error)).toBe(insufficient);
  });
});

describe("npm run migrate", () => {
  const migrate = (url: string) =>
    promisify(execFile)(
      process.execPath,
      [path.resolve(import.meta.dirname, "../server/migrate.ts")],
      { env: { ...process.env, DATABASE_URL: url } },
    ).then(
      ({ stdout }) => ({ status: 0, said: stdout }),
      ({ code, stderr, stdout }: { code: number; stderr: string; stdout: string }) => ({
        status: code,
        said: `${stdout}${stderr}`,
      }),
    );
  const refused = (...problems: string[]) => ({
    status: 1,
    said:
      `The settings are not ` +
      `right:\n${problems.map((problem) => `  DATABASE_URL: ${problem}\n`).join("")}`,
  });

  test("gives the run-time role its rights again, where they were changed", async () => {
    await onServer(
      real.url,
      "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM connector_runtime; GRANT ALL ON " +
        "audit_events TO connector_runtime",
    );
    expect(await migrate(asRole(real.url, "connector_owner"))).toEqual({
      status: 0,
      said: "The database is up to date.\n",
    });
    expect(await runtime.problems()).toEqual([]);
    expect(await stateOf("UPDATE audit_events SET event = 'finished'")).toBe(insufficient);
  });
  test("by a role that may not says all that it lacks, in one line each", async () => {
    const { status, said } = await migrate(real.runtimeUrl);
    expect(status).toBe(1);
    expect(said).toMatch(
      /^The settings are not right:\n {2}DATABASE_URL: its role may not create tables in the schema public;.*\n {2}DATABASE_URL: its role does not own .*sessions.*\n$/,
    );
  });
  test("of a database of another encoding says so, and which it has to be", async () => {
    const name = `connector_test_${randomBytes(8).toString("hex")}`;
    await onServer(
      real.url,
      `CREATE DATABASE ${name} ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0`,
    );
    try {
      expect(await migrate(real.url.replace(/\/connector_test_\w+/, `/${name}`))).toEqual(
        refused(
          "the database's encoding is LATIN1, and has to be UTF8: CREATE DATABASE … ENCODING " +
            "'UTF8' TEMPLATE template0",
        ),
      );
    } finally {
      await dropDatabase(real.url, name);
    }
  });
  test("of a standby, or of nothing, says so", async () => {
    expect(
      await migrate(
        asRole(real.url, "connector_owner").replace(
          "role%3D",
          "default_transaction_read_only%3Don%20-c%20role%3D",
        ),
      ),
    ).toMatchObject({ status: 1, said: expect.stringContaining("standby, or read-only") });
    expect(await migrate("postgresql://nobody:hunter2@127.0.0.1:1/none")).toEqual(
      refused("cannot be reached: nobody listens there (ECONNREFUSED)"),
    );
    expect(await migrate("postgresql://nobody:hunter2@127.0.0.1:1/none?schema=x")).toMatchObject({
      status: 1,
      said: expect.stringMatching(
        /^The settings are not right:\n {2}DATABASE_URL: schema must be public.*\n$/,
      ),
    });
  });
  test("works where the tables are in a schema of the role’s own, again and again", async () => {
    const empty = await createEmptyDatabase();
    try {
      await onServer(
        empty.url,
        `CREATE SCHEMA mine; ALTER DATABASE ${empty.url.split("/").at(-1)} SET search_path = mine`,
      );
      expect(await migrate(empty.url)).toMatchObject({
        status: 0,
        said: expect.stringMatching(/^Migrated: /),
      });
      expect(await migrate(empty.url)).toEqual({
        status: 0,
        said: "The database is up to date.\n",
      });
      const db = openDb(empty.url);
      expect(await db.problems()).toEqual([]);
      await db.close();
    } finally {
      await empty.drop();
    }
  });
});
