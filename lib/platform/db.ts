import { PrismaPg } from '@prisma/adapter-pg'
import { z } from 'zod'
import { Prisma, PrismaClient } from './prisma/client.ts'

/** The database, as the stores use it: `rows` for statements whose times and conditions are the database's own, Prisma for plain reads. */
export interface Db {
  prisma: PrismaClient
  /**
   * Runs one SQL statement and parses every row it returns.
   * @throws DatabaseAway when the database could not be reached or did not answer in time.
   */
  rows<Row extends z.ZodType>(row: Row, statement: Prisma.Sql): Promise<z.output<Row>[]>
  /** Whether the database answers and its tables are there. */
  answers(): Promise<boolean>
  close(): Promise<void>
}

/** The database could not be asked: nothing is known to have changed. Answered as 503 with Retry-After. */
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

const connectionLimit = 10

// A statement with a name is planned once for each connection; without one PostgreSQL plans it at every call, which takes longer than running it. There are as many as the stores write.
const statementNames = new Map<string, string>()
function statementName(text: string): string {
  const name = statementNames.get(text) ?? `connector_${statementNames.size}`
  statementNames.set(text, name)
  return name
}

/**
 * Opens the pool. Every wait is bounded: 2 s for a connection, 3 s for a statement or a lock, so that a request with a database away is answered
 * within 3.5 s. The session's time zone is UTC because the adapter drops the offset of a timestamptz (7.10).
 */
export function openDb(databaseUrl: string): Db {
  const adapter = new PrismaPg({
    connectionString: databaseUrl,
    max: connectionLimit,
    connectionTimeoutMillis: 2000,
    idleTimeoutMillis: 30_000,
    query_timeout: 3000,
    statement_timeout: 2500,
    lock_timeout: 2000,
    idle_in_transaction_session_timeout: 5000,
    options: '-c TimeZone=UTC',
  }, { statementNameGenerator: ({ sql }) => statementName(sql) })
  const prisma = new PrismaClient({ adapter })
  const rows: Db['rows'] = async (row, statement) => {
    let found: unknown[]
    try {
      found = await prisma.$queryRaw<unknown[]>(statement)
    } catch (error) {
      throw meansAway(error) ? new DatabaseAway(error) : error
    }
    return row.array().parse(found)
  }
  return {
    prisma,
    rows,
    answers: () => rows(z.unknown(), sql`SELECT FROM notifications LIMIT 0`).then(() => true, () => false),
    close: () => prisma.$disconnect(),
  }
}

// Class 08 connection exceptions, 53 out of resources, 57P0x the server stops or a statement was cancelled, 55P03 lock not available, 25006 a standby;
// 42P01 and 42703 a table or column that is not there yet: the database still waits for its migrations.
const awayStates = /^(08...|53...|57P0.|57014|55P03|25006|42P01|42703)$/

/**
 * Whether a failed statement means "ask again later" rather than a bug. A failure without an SQLSTATE never reached the server or lost it: raw statements surface as P2010
 * with the state in `meta.driverAdapterError.cause.originalCode`, a restart as an error with no code at all.
 */
function meansAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if (error instanceof Prisma.PrismaClientValidationError || error instanceof TypeError || error instanceof RangeError) return false
  const cause = (error as { meta?: { driverAdapterError?: { cause?: { originalCode?: unknown } } } }).meta?.driverAdapterError?.cause
  const state = typeof cause?.originalCode === 'string' ? cause.originalCode : undefined
  return state === undefined || awayStates.test(state)
}
