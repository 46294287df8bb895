import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import pg from "pg";
import { startEmbeddedPostgres, type EmbeddedPostgres } from "../../testing/embedded-postgres.mjs";
import { discardDataDirectory } from "../../testing/postgres-files.mjs";
import { runQuietly } from "../../testing/progress.mjs";
import { createDatabase, dropDatabase } from "../../testing/test-database.ts";
import { root } from "../../testing/toolchain.mjs";
import { ask, copyForStandby, startStandby, type Standby } from "./standby.ts";

const tablespace = "small_disk";

/**
 * A PostgreSQL of our own that can be stopped, frozen and started again; its data outlives each of
 * its processes.
 */
export class Cluster {
  #directory: string;
  readonly #first: string;
  readonly #settings: string[];
  #server: EmbeddedPostgres | undefined;
  #template = "";
  #standby: Standby | undefined;
  #copies = 0;
  readonly #lost: string[] = [];

  /** @param directory where its files lie. */
  constructor(directory: string, settings: string[] = []) {
    this.#directory = this.#first = directory;
    this.#settings = ["fsync=off", ...settings];
  }

  get #running(): EmbeddedPostgres {
    if (!this.#server) throw new Error("PostgreSQL is not running");
    return this.#server;
  }

  get port(): number {
    return this.#running.port;
  }

  get data(): string {
    return this.#running.data;
  }

  url(database: string): string {
    return this.#running.url(database);
  }

  /** Starts it, at another port than before. */
  async start(): Promise<void> {
    // A process that is killed loses nothing that was committed, whether or not the disk has it.
    this.#server = await startEmbeddedPostgres({
      directory: this.#directory,
      persistent: true,
      settings: this.#settings,
    });
  }

  /**
   * A database that holds the tables and nothing else.
   * @param place where its files lie; with all others, if none is given.
   */
  async createDatabase(place?: string): Promise<string> {
    if (this.#template === "") {
      this.#template = "connector_template";
      await createDatabase(this.url("postgres"), this.#template, "template0");
      await runQuietly(process.execPath, [path.join(root, "server/migrate.ts")], {
        env: { ...process.env, DATABASE_URL: this.url(this.#template) },
      });
    }
    const name = `connector_chaos_${randomBytes(4).toString("hex")}`;
    if (place === undefined) await createDatabase(this.url("postgres"), name, this.#template);
    else {
      await this.query("postgres", `CREATE TABLESPACE ${tablespace} LOCATION '${place}'`);
      await this.query(
        "postgres",
        `CREATE DATABASE ${name} TEMPLATE ${this.#template} TABLESPACE ${tablespace}`,
      );
    }
    return name;
  }

  async dropTablespace(): Promise<void> {
    await this.query("postgres", `DROP TABLESPACE ${tablespace}`);
  }

  dropDatabase(name: string): Promise<void> {
    return dropDatabase(this.url("postgres"), name);
  }

  /** Runs one statement as the administrator. */
  async query(
    database: string,
    statement: string,
    values: unknown[] = [],
  ): Promise<pg.QueryResult> {
    const client = new pg.Client({
      connectionString: this.url(database),
      connectionTimeoutMillis: 10_000,
    });
    await client.connect();
    return client.query(statement, values).finally(() => client.end());
  }

  /** The immediate shutdown: no checkpoint, every connection is cut, as when it crashes. */
  async crash(): Promise<void> {
    this.#running.signal("QUIT");
    await this.#running.exited;
  }

  /** Stops every process of it where it stands; the connections stay. */
  freeze(): void {
    for (const pid of processesIn(this.data)) process.kill(pid, "SIGSTOP");
  }

  thaw(): void {
    for (const pid of processesIn(this.data)) process.kill(pid, "SIGCONT");
  }

  /** Stops it for a moment, and starts it again with a synchronous standby beside it. */
  async startWithStandby(): Promise<void> {
    const { data } = this.#running;
    await this.#running.stop();
    this.#copies += 1;
    const directory = `${this.#first}-${this.#copies}`;
    await copyForStandby(data, this.#directory, directory);
    await this.start();
    this.#standby = await startStandby(this.#running, directory, this.#settings);
  }

  /**
   * The standby stops where it stands, as behind a network that is gone: nothing more can be
   * acknowledged.
   */
  freezeStandby(): void {
    for (const pid of processesIn(this.#standby?.server.data ?? "")) process.kill(pid, "SIGSTOP");
  }

  thawStandby(): void {
    for (const pid of processesIn(this.#standby?.server.data ?? "")) process.kill(pid, "SIGCONT");
  }

  /** The primary is gone at once, with everything only it had. */
  async lose(): Promise<void> {
    for (const pid of processesIn(this.data)) process.kill(pid, "SIGKILL");
    await this.#running.exited;
  }

  /** The standby becomes the primary, at a port of its own. */
  async promote(): Promise<void> {
    if (!this.#standby) throw new Error("there is no standby");
    const { server, directory } = this.#standby;
    await ask(server, "SELECT pg_promote(true, 30)");
    // Thrown away in the end: it takes so long that answers would be read late meanwhile.
    this.#lost.push(this.#directory);
    this.#server = server;
    this.#directory = directory;
    this.#standby = undefined;
  }

  async stop(): Promise<void> {
    this.thawStandby();
    await this.#standby?.server.stop();
    await this.#server?.stop();
    for (const directory of [...this.#lost, this.#directory]) discardDataDirectory(directory);
  }
}

// Each backend is a session of its own, so there is no group to signal; the postmaster comes first,
// so that it makes no new ones.
function processesIn(data: string): number[] {
  const file = path.join(data, "postmaster.pid");
  if (!existsSync(file)) return [];
  const postmaster = Number(readFileSync(file, "utf8").split("\n")[0]);
  const table = spawnSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" })
    .stdout.trim()
    .split("\n");
  const children = table
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter(([, parent]) => parent === postmaster);
  return [postmaster, ...children.map(([pid = 0]) => pid)];
}
