import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { migrate } from '../migrate.ts'

/** A database of one test's own. */
export interface TestDatabase {
  url: string
  drop(): Promise<void>
}

const template = 'connector_template'
// Any constant; it keeps parallel test files from making the template twice.
const lock = 5_120_417

/** The server that vitest.setup-database.ts started, or the one of DATABASE_URL. */
function serverUrl(): string {
  const url = process.env.TEST_SERVER_URL ?? process.env.DATABASE_URL
  if (!url) throw new Error('integration tests need a PostgreSQL server: run them through npm')
  return url
}

const urlOf = (database: string) => {
  const url = new URL(serverUrl())
  url.pathname = `/${database}`
  return url.href
}

async function withServer<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: serverUrl() })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

async function create(from: string | undefined): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await withServer((client) => client.query(`CREATE DATABASE ${name}${from ? ` TEMPLATE ${from}` : ''}`))
  return {
    url: urlOf(name),
    drop: async () => {
      await withServer((client) => client.query(`DROP DATABASE ${name} WITH (FORCE)`))
    },
  }
}

/** A new database with the committed migrations applied; copied from a template, which is much faster than migrating. */
export async function createTestDatabase(): Promise<TestDatabase> {
  await withServer(async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [lock])
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [template])
    if (!rowCount) await client.query(`CREATE DATABASE ${template}`)
    await migrate(urlOf(template))
    // The engine's pool must be gone before the template can be copied.
    await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [template])
    await client.query('SELECT pg_advisory_unlock($1)', [lock])
  })
  return create(template)
}

/** A new database with nothing in it. */
export const createEmptyDatabase = (): Promise<TestDatabase> => create(undefined)
