import { execFile } from "node:child_process";
import { copyFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "../../testing/embedded-postgres.mjs";
import { dataDirectory, postgresAccount } from "../../testing/postgres-files.mjs";
import { waitUntil } from "../../testing/wait-until.mjs";

export interface Standby {
  server: EmbeddedPostgres;
  directory: string;
}

/**
 * Copies the files of a server that is stopped, for a standby of its own. PostgreSQL's packages
 * from npm have no pg_basebackup, and a copy made at rest is one.
 * @param from
 * @param to as given to {@link startEmbeddedPostgres}
 */
export async function copyForStandby(data: string, from: string, to: string): Promise<void> {
  const place = dataDirectory(to, postgresAccount(data));
  // It keeps the owner, which has to be PostgreSQL's account.
  await promisify(execFile)("cp", ["-a", `${data}/.`, place]);
  copyFileSync(`${from}.password`, `${to}.password`);
  writeFileSync(path.join(place, "standby.signal"), "");
}

/**
 * Starts the copy as a synchronous standby: from now on the primary acknowledges nothing that the
 * standby does not have.
 */
export async function startStandby(
  primary: EmbeddedPostgres,
  directory: string,
  settings: string[],
): Promise<Standby> {
  const { password } = new URL(primary.url("postgres"));
  const connection = `host=127.0.0.1 port=${primary.port} user=postgres password=${password} application_name=standby`;
  const server = await startEmbeddedPostgres({
    directory,
    persistent: true,
    settings: [...settings, `primary_conninfo=${connection}`, "hot_standby=on"],
  });
  await ask(primary, `ALTER SYSTEM SET synchronous_standby_names = 'standby'`);
  await ask(primary, "SELECT pg_reload_conf()");
  await waitUntil(
    async () =>
      (await ask(primary, `SELECT sync_state FROM pg_stat_replication`)).rows[0]?.sync_state ===
      "sync",
    { what: "a synchronous standby", withinMs: 30_000 },
  );
  return { server, directory };
}

/** Runs one statement as the administrator. */
export async function ask(server: EmbeddedPostgres, statement: string): Promise<pg.QueryResult> {
  const client = new pg.Client({
    connectionString: server.url("postgres"),
    connectionTimeoutMillis: 10_000,
  });
  await client.connect();
  return client.query(statement).finally(() => client.end());
}
