import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import pg from 'pg'
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../support/embedded-postgres.mjs'
import { runQuietly } from '../support/progress.mjs'
import { createDatabase, dropDatabase } from '../support/test-database.ts'
import { root } from '../support/toolchain.mjs'

const tablespace = 'small_disk'

/** A PostgreSQL of our own that can be stopped, frozen and started again; its data outlives each of its processes. */
export class Cluster {
  readonly #directory: string
  readonly #settings: string[]
  #server: EmbeddedPostgres | undefined
  #template = ''

  /** @param directory where its files lie. */
  constructor(directory: string, settings: string[] = []) {
    this.#directory = directory
    this.#settings = settings
  }

  get #running(): EmbeddedPostgres {
    if (!this.#server) throw new Error('PostgreSQL is not running')
    return this.#server
  }

  get port(): number {
    return this.#running.port
  }

  get data(): string {
    return this.#running.data
  }

  url(database: string): string {
    return this.#running.url(database)
  }

  /** Starts it, at another port than before. */
  async start(): Promise<void> {
    // A process that is killed loses nothing that was committed, whether or not the disk has it.
    this.#server = await startEmbeddedPostgres({ directory: this.#directory, persistent: true, settings: ['fsync=off', ...this.#settings] })
  }

  /** A database that holds the tables and nothing else. @param place where its files lie; with all others, if none is given. */
  async createDatabase(place?: string): Promise<string> {
    if (this.#template === '') {
      this.#template = 'connector_template'
      await createDatabase(this.url('postgres'), this.#template, 'template0')
      await runQuietly(process.execPath, [path.join(root, 'scripts/migrate.ts')], { env: { ...process.env, DATABASE_URL: this.url(this.#template) } })
    }
    const name = `connector_chaos_${randomBytes(4).toString('hex')}`
    if (place === undefined) await createDatabase(this.url('postgres'), name, this.#template)
    else {
      await this.query('postgres', `CREATE TABLESPACE ${tablespace} LOCATION '${place}'`)
      await this.query('postgres', `CREATE DATABASE ${name} TEMPLATE ${this.#template} TABLESPACE ${tablespace}`)
    }
    return name
  }

  async dropTablespace(): Promise<void> {
    await this.query('postgres', `DROP TABLESPACE ${tablespace}`)
  }

  dropDatabase(name: string): Promise<void> {
    return dropDatabase(this.url('postgres'), name)
  }

  /** Runs one statement as the administrator. */
  async query(database: string, statement: string, values: unknown[] = []): Promise<pg.QueryResult> {
    const client = new pg.Client({ connectionString: this.url(database), connectionTimeoutMillis: 10_000 })
    await client.connect()
    return client.query(statement, values).finally(() => client.end())
  }

  /** The immediate shutdown: no checkpoint, every connection is cut, as when it crashes. */
  async crash(): Promise<void> {
    this.#running.signal('QUIT')
    await this.#running.exited
  }

  /** Stops every process of it where it stands; the connections stay. */
  freeze(): void {
    for (const pid of this.#processes()) process.kill(pid, 'SIGSTOP')
  }

  thaw(): void {
    for (const pid of this.#processes()) process.kill(pid, 'SIGCONT')
  }

  // Each backend is a session of its own, so there is no group to signal; the postmaster comes first, so that it makes no new ones.
  #processes(): number[] {
    const postmaster = Number(readFileSync(path.join(this.data, 'postmaster.pid'), 'utf8').split('\n')[0])
    const table = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).stdout.trim().split('\n')
    const children = table.map((line) => line.trim().split(/\s+/).map(Number)).filter(([, parent]) => parent === postmaster)
    return [postmaster, ...children.map(([pid = 0]) => pid)]
  }

  async stop(): Promise<void> {
    await this.#server?.stop()
  }
}
