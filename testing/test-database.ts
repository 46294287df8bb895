import { randomBytes } from "node:crypto";
import pg from "pg";
import { clientConfig, databaseTarget, withDatabase } from "../lib/config/database-url.ts";

/** A database of its own for one test file or worker. */
export interface TestDatabase {
  /** As an administrator, who may look at and change what the connector may not. */
  url: string;
  /** As the role that the connector runs as (prisma/roles.sql). */
  runtimeUrl: string;
  drop(): Promise<void>;
}

/**
 * Creates one, in about 50 ms: a copy of the migrated template that the test run's set-up made
 * (test-postgres.mjs).
 */
export const createTestDatabase = (): Promise<TestDatabase> => copyOf(testServer().template);

/** Creates one without any table, for tests of the migrations themselves. */
export const createEmptyDatabase = (): Promise<TestDatabase> => copyOf("template0");

async function copyOf(template: string): Promise<TestDatabase> {
  const { url: server } = testServer();
  const name = `connector_test_${randomBytes(8).toString("hex")}`;
  await createDatabase(server, name, template);
  // tools/pooler.mjs: everything but making and dropping databases goes through it, with
  // accounts, since a pooler takes no `options`.
  const { TEST_POOLER_URL: pooler, TEST_POOLER_RUNTIME_URL: poolerAsRuntime } = process.env;
  const url = withDatabase(pooler ?? server, name);
  return {
    url,
    runtimeUrl: poolerAsRuntime
      ? withDatabase(poolerAsRuntime, name)
      : asRole(url, "connector_runtime"),
    drop: () => dropDatabase(server, name),
  };
}

/** The address by which a session may do what the role may, and no more. */
export const asRole = (url: string, role: string): string =>
  `${url}${url.includes("?") ? "&" : "?"}options=${encodeURIComponent(`-c role=${role}`)}`;

function testServer() {
  const { TEST_POSTGRES_URL: url, TEST_DATABASE_TEMPLATE: template } = process.env;
  if (!url || !template)
    throw new Error(
      "There is no PostgreSQL for tests: run them by npm run test:integration or npm run e2e.",
    );
  return { url, template };
}

/** Creates a database on the server of `url`. */
export async function createDatabase(url: string, name: string, template: string): Promise<void> {
  await onServer(
    url,
    `CREATE DATABASE ${pg.escapeIdentifier(name)} TEMPLATE ${pg.escapeIdentifier(template)}`,
  );
}

/** Drops a database on the server of `url`, with whoever is still connected to it. */
export async function dropDatabase(url: string, name: string): Promise<void> {
  await onServer(url, `DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)} WITH (FORCE)`);
}

/** Runs statements as whoever the address names. */
export async function onServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({
    ...clientConfig(databaseTarget(url)),
    connectionTimeoutMillis: 10_000,
  });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}
