import { AsyncLocalStorage } from 'node:async_hooks'
import { PrismaPg } from '@prisma/adapter-pg'
import { Client, Pool, type PoolConfig, type QueryResult } from 'pg'
import { z } from 'zod'
import { startWatch, systemClock } from './clock.ts'
import { checkRow, checkStatement, plainFailure, problemsIn } from './database-check.ts'
import { databaseFailure, failureCause, sqlState } from './database-failure.ts'
import { clientConfig, databaseTarget, type DatabaseTarget } from './database-url.ts'
import { createGate, GateClosed } from './gate.ts'
import { Prisma, PrismaClient } from './prisma/client.ts'

/** The database, as the stores use it: `rows` runs statements whose times and conditions are the database's own. */
export interface Db {
  /** For tests, which look up what was stored. */
  prisma: PrismaClient
  /**
   * Runs one SQL statement and parses every row it returns. It is repeated, at most three times, when the database undid it because of another one (deadlock, serialization failure).
   * @throws DatabaseAway when the database could not be reached, did not answer in time, or has too many waiting for it.
   */
  rows<Row extends z.ZodType>(row: Row, statement: Prisma.Sql): Promise<z.output<Row>[]>
  /** Runs what answers a request. Until it is answered, its statements together may take 2.8 s, and one that begins later half a second. */
  inRequest<T>(work: () => Promise<T>): Promise<T>
  /** What keeps the connector from working with the database now, in plain words; none if it answers, can be written to, and its tables and rights are there. Nothing is written. */
  problems(): Promise<readonly string[]>
  /** How hard it is for a statement to get a connection, from 0 to 1. */
  pressure(): number
  close(): Promise<void>
}

/** The database could not be asked, or what it did is not known. Answered as 503 with Retry-After. */
export class DatabaseAway extends Error {
  override readonly name = 'DatabaseAway'
  constructor(cause: unknown) {
    super('the database could not be reached', { cause })
  }
}

/** By name and not by class: Next bundles instrumentation and routes apart, so one process has two classes of this name. */
export const isDatabaseAway = (error: unknown): error is DatabaseAway => error instanceof Error && error.name === 'DatabaseAway'

export const { sql, empty } = Prisma
export type Sql = Prisma.Sql

/** How long one statement may take, in milliseconds, its way through the queue included; and how long one gets that begins when its request has had as much. */
const statementMs = 2800
const lateStatementMs = 500
const longestQueueMs = 2500
/** About what a connection does in that time; more would wait for nothing. */
const waitingPerConnection = 200
const mostRepeats = 3
/** A standby, or a server that was made read-only. */
const readOnlyState = '25006'

// A statement with a name is planned once for each connection; without one PostgreSQL plans it at every call, which takes longer than running it. There are as many as the stores write.
const statementNames = new Map<string, string>()
function statementName(text: string): string {
  const name = statementNames.get(text) ?? `connector_${statementNames.size}`
  statementNames.set(text, name)
  return name
}

// A statement runs on after we have given it up unless the server bounds it.
const bounds = { statement_timeout: '2500', lock_timeout: '2000', idle_in_transaction_session_timeout: '5000' }

/**
 * The connections of a pool, each of them to the first host at first. A host that takes none, or cannot be written to, gives way to the next one for those that follow.
 * Whether a pooler stands in between shows by the process id: PgBouncer tells one of its own. Nothing may then be left on a connection, since another client may get it.
 */
function connectionsTo(target: DatabaseTarget) {
  let current = 0
  return class extends Client {
    readonly #host = current
    #shared = target.pooler
    constructor(options: PoolConfig) {
      super({ ...options, ...clientConfig(target, target.hosts[current]) })
    }
    override connect(): Promise<Client>
    override connect(callback: (error: Error) => void): void
    override connect(callback?: (error: Error) => void): Promise<Client> | void {
      if (!callback) return super.connect()
      super.connect((error: Error) => {
        if (error) this.giveWay()
        callback(error)
      })
    }
    /** Refuses a server that cannot be written to, and has the server bound what runs on a connection of our own. */
    async prepare(): Promise<void> {
      const ours = `pg_backend_pid() = ${Number((this as unknown as { processID: number | null }).processID ?? 0)}`
      const set = Object.entries(bounds).map(([name, value]) => `set_config('${name}', '${value}', false)`)
      const bound = target.pooler ? 'false' : `CASE WHEN ${ours} THEN ${set.join(' || ')} END IS NOT NULL`
      const { rows } = (await super.query(`SELECT ${bound} AS bound, current_setting('transaction_read_only') = 'on' AS read_only`)) as QueryResult<{ bound: boolean; read_only: boolean }>
      this.#shared = !rows[0]?.bound
      if (!rows[0]?.read_only) return
      this.giveWay()
      throw Object.assign(new Error('read-only'), { code: readOnlyState, severity: 'ERROR' })
    }
    giveWay(): void {
      if (current === this.#host) current = (current + 1) % target.hosts.length
    }
    // Named statements would stay on a connection that is not ours.
    override query(...args: unknown[]): never {
      const [statement] = args
      if (this.#shared && typeof statement === 'object' && statement !== null && 'name' in statement) statement.name = undefined
      return (super.query as (...args: unknown[]) => unknown).apply(this, args) as never
    }
  }
}

/**
 * Opens the pool. Every wait is bounded, so that a request with a database away is answered within 3.5 s. Works straight to PostgreSQL and through a pooler that gives connections away by session or
 * by transaction; nothing is said at the start of a connection that PgBouncer refuses.
 * @param options `poolSize`: connections held at most.
 * @throws {TypeError} for an address that {@link databaseTarget} does not take
 */
export function openDb(databaseUrl: string, { poolSize = 10, clock = systemClock } = {}): Db {
  const Connection = connectionsTo(databaseTarget(databaseUrl))
  const pool = new Pool({
    Client: Connection as never,
    onConnect: (client) => (client as InstanceType<typeof Connection>).prepare(),
    max: poolSize,
    connectionTimeoutMillis: 2000,
    idleTimeoutMillis: 30_000,
    query_timeout: 3000,
    // A host that is gone without a word is noticed within seconds also by connections that wait.
    keepAlive: true,
    keepAliveInitialDelayMillis: 1000,
  })
  // A connection that ends while it is idle is replaced when one is needed; without a listener it would end the process.
  pool.on('error', () => undefined)
  const adapter = new PrismaPg(pool, { disposeExternalPool: true, statementNameGenerator: ({ sql }) => statementName(sql) })
  const prisma = new PrismaClient({ adapter })
  const gate = createGate({ places: poolSize, mostWaiting: poolSize * waitingPerConnection, clock })
  const requests = new AsyncLocalStorage<{ elapsedMs: () => number; answered: boolean }>()

  const timeLeftMs = () => {
    const request = requests.getStore()
    return request && !request.answered ? Math.max(lateStatementMs, statementMs - request.elapsedMs()) : statementMs
  }

  // Safe for every statement of the stores: each is a transaction of its own, and these failures mean that all of it was undone.
  const repeated = async (statement: Sql, signal: AbortSignal): Promise<unknown[]> => {
    for (let repeats = 0; ; repeats += 1) {
      try {
        return await prisma.$queryRaw<unknown[]>(statement)
      } catch (error) {
        if (databaseFailure(error) !== 'conflict' || repeats === mostRepeats || signal.aborted) throw error
        await clock.sleep(Math.random() * 25 * 2 ** repeats)
      }
    }
  }

  const ask = async (statement: Sql): Promise<unknown[]> => {
    const limitMs = timeLeftMs()
    const elapsedMs = startWatch(clock)
    const leave = await gate.enter(Math.min(limitMs, longestQueueMs))
    const leftMs = limitMs - elapsedMs()
    if (leftMs <= 0) {
      // Frozen or suspended on the way: whoever waited for it has long been answered.
      leave()
      throw new GateClosed('queue-slow')
    }
    return clock.within(leftMs, (signal) => {
      const timeOver = new Promise<never>((_, reject) => {
        signal.addEventListener('abort', () => reject(new Error('no answer in time')), { once: true })
      })
      const asking = repeated(statement, signal)
      // Its place is free when its connection is, and not when nobody waits for it any more.
      void asking.catch(() => undefined).finally(leave)
      return Promise.race([asking, timeOver])
    })
  }

  // When one connection leads nowhere, or to a standby, those that wait may not lead elsewhere either: after a failover they belong to the former primary. Each is asked for and dropped.
  const dropIdle = () => {
    for (let count = pool.idleCount; count > 0; count -= 1) pool.connect().then((client) => client.release(true), () => undefined)
  }

  const rows: Db['rows'] = async (row, statement) => {
    let found: unknown[]
    try {
      found = await ask(statement)
    } catch (error) {
      if (databaseFailure(error) === 'bug') throw error
      if (error instanceof Error && !(error instanceof GateClosed) && [undefined, readOnlyState].includes(sqlState(error))) dropIdle()
      throw new DatabaseAway(error)
    }
    return row.array().parse(found)
  }
  return {
    prisma,
    rows,
    inRequest(work) {
      const request = { elapsedMs: startWatch(clock), answered: false }
      return requests.run(request, () => work().finally(() => (request.answered = true)))
    },
    async problems() {
      try {
        const [found] = await rows(checkRow, Prisma.raw(checkStatement))
        if (found?.read_only) dropIdle()
        return found ? problemsIn(found).map(({ text }) => text) : []
      } catch (error) {
        return [plainFailure(failureCause(error))]
      }
    },
    pressure: gate.pressure,
    close: () => prisma.$disconnect(),
  }
}
