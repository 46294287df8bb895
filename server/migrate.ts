// `npm run migrate`: brings the database of DATABASE_URL to the committed migrations, and gives the
// run-time role its rights. Any number of replicas may run it at once.
import { readFileSync } from "node:fs";
import path from "node:path";
import type { Client } from "pg";
import {
  connectTo,
  olderDatabase,
  plainFailure,
  standby,
  unsuitable,
} from "../lib/db/database-check.ts";
import { databaseTarget } from "../lib/config/database-url.ts";
import { readDatabaseUrl, SettingsError } from "../lib/config/env.ts";
import { applyMigrations, firstMigration } from "./schema-engine.ts";

// One number for this product's migrations; any constant serves as long as it never changes.
const lock = 7_316_014_229;

// Bounds that the role may have are for requests: waiting for another migrator and building an
// index take as long as they take.
const unbounded =
  "SELECT set_config('statement_timeout', '0', true), set_config('lock_timeout', '0', " +
  "true), set_config('idle_in_transaction_session_timeout', '0', true)";

/**
 * Applies what is missing, under an advisory lock, so that parallel migrators wait for each other.
 * The lock belongs to a transaction and so holds through every kind of pooler.
 * @returns the names of the migrations applied.
 * @throws {SettingsError} naming everything that keeps the database from being migrated
 */
export async function migrate(databaseUrl: string): Promise<string[]> {
  const target = databaseTarget(databaseUrl);
  const client = await connectTo(target).catch((error: unknown) => refuse([plainFailure(error)]));
  try {
    const schema = await schemaToMigrate(client);
    await client.query("BEGIN");
    await client.query(unbounded);
    await client.query("SELECT pg_advisory_xact_lock($1)", [lock]);
    await refuseOlder(client);
    const applied = await applyMigrations(
      { ...target, hosts: [{ host: client.host, port: client.port }] },
      schema,
    );
    await grantRuntimeRights(client);
    await client.query("COMMIT");
    return applied;
  } finally {
    await client.end();
  }
}

const refuse = (problems: readonly string[]): never => {
  throw new SettingsError(problems.map((problem) => `DATABASE_URL: ${problem}`));
};

/**
 * Where the tables are, or will be.
 * @throws {SettingsError} unless all of it can be migrated by this role
 */
async function schemaToMigrate(client: Client): Promise<string> {
  const { rows } = await client.query<{
    version: number;
    encoding: string;
    read_only: boolean;
    schema: string | null;
    may_create: boolean | null;
    foreign_tables: string[];
  }>(
    `SELECT current_setting('server_version_num')::int AS version,
      current_setting('server_encoding') AS encoding,
        current_setting('transaction_read_only') = 'on' AS read_only,
       current_schema()::text AS schema, has_schema_privilege(current_schema(),
         'CREATE') AS may_create,
       ARRAY(SELECT relname::text FROM pg_class
         WHERE relnamespace = to_regnamespace(quote_ident(current_schema()))
           AND relkind IN ('r', 'v') AND relname = ANY($1) AND NOT pg_has_role(relowner, 'USAGE')
             ORDER BY 1) AS foreign_tables`,
    [[...createdByMigrations(), "_prisma_migrations"]],
  );
  const [found] = rows;
  if (!found) throw new Error("the database gave no row");
  const problems = [
    ...unsuitable(found.version, found.encoding).map(({ text }) => text),
    ...(found.read_only ? [standby] : []),
    ...(found.schema === null
      ? ["its role may not use a schema of its search_path; prisma/roles.sql has the roles"]
      : found.may_create
        ? []
        : [
            `its role may not create tables in the schema ${found.schema}; prisma/roles.sql ` +
              `has the roles`,
          ]),
    ...(found.foreign_tables.length > 0
      ? [
          `its role does not own ${found.foreign_tables.join(", ")}, so it cannot change ` +
            `them (REASSIGN OWNED BY … TO connector_owner)`,
        ]
      : []),
  ];
  if (problems.length > 0 || found.schema === null) return refuse(problems);
  return found.schema;
}

/** @throws {SettingsError} where other migrations were applied, and not the first one of ours */
async function refuseOlder(client: Client): Promise<void> {
  const { rows } = await client.query<{ found: string | null }>(
    "SELECT to_regclass('_prisma_migrations') AS found",
  );
  if (rows[0]?.found === null) return;
  const { rows: applied } = await client.query<{ name: string }>(
    "SELECT migration_name AS name FROM _prisma_migrations",
  );
  if (applied.length > 0 && applied.every(({ name }) => name !== firstMigration()))
    refuse([olderDatabase]);
}

const createdByMigrations = () =>
  [...sqlFile("grants.sql").matchAll(/ ON (?:SEQUENCE )?([a-z_]+) TO /g)]
    .map(([, name = ""]) => name)
    .filter((name) => !name.endsWith("_seq"));

/** Where prisma/roles.sql has been run, the rights go to its run-time role, on new tables too. */
async function grantRuntimeRights(client: Client): Promise<void> {
  const { rowCount } = await client.query(
    "SELECT FROM pg_roles WHERE rolname = 'connector_runtime'",
  );
  if (rowCount) await client.query(sqlFile("grants.sql"));
}

const sqlFile = (name: string) =>
  readFileSync(path.resolve(import.meta.dirname, "../prisma", name), "utf8");

if (import.meta.main) {
  // As process 1 of a container it would go on otherwise. A migration that is broken off is rolled
  // back.
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => process.exit(1));
  try {
    const applied = await migrate(readDatabaseUrl(process.env));
    process.stdout.write(
      applied.length > 0 ? `Migrated: ${applied.join(", ")}\n` : "The database is up to date.\n",
    );
  } catch (error) {
    process.stderr.write(
      `${error instanceof SettingsError ? error.message : migrationFailure(error)}\n`,
    );
    process.exit(1);
  }
  // The engine keeps its pool open; the work is done.
  process.exit(0);
}

/** What PostgreSQL or the engine says, without the stack of a WebAssembly module. */
function migrationFailure(error: unknown): string {
  const { message = String(error) } = error as { message?: string };
  const [said = ""] = message.split(/\n\s+(?:0: |at )/);
  return `The database could not be migrated:\n${said
    .split("\n")
    .map((line) => `  ${line}`)
    .join("\n")}`;
}
