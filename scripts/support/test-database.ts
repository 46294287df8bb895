import { randomBytes } from 'node:crypto'
import pg from 'pg'

/** A database of its own for one test file or worker. */
export interface TestDatabase {
  url: string
  drop(): Promise<void>
}

/** Creates one, in about 50 ms: a copy of the migrated template that the test run's set-up made (test-postgres.mjs). */
export const createTestDatabase = (): Promise<TestDatabase> => copyOf(testServer().template)

/** Creates one without any table, for tests of the migrations themselves. */
export const createEmptyDatabase = (): Promise<TestDatabase> => copyOf('template0')

async function copyOf(template: string): Promise<TestDatabase> {
  const { url: server } = testServer()
  const name = `connector_test_${randomBytes(8).toString('hex')}`
  await createDatabase(server, name, template)
  return { url: Object.assign(new URL(server), { pathname: `/${name}` }).href, drop: () => dropDatabase(server, name) }
}

function testServer() {
  const { TEST_POSTGRES_URL: url, TEST_DATABASE_TEMPLATE: template } = process.env
  if (!url || !template) throw new Error('There is no PostgreSQL for tests: run them by npm run test:integration or npm run e2e.')
  return { url, template }
}

/** Creates a database on the server of `url`. */
export async function createDatabase(url: string, name: string, template: string): Promise<void> {
  await onServer(url, `CREATE DATABASE ${pg.escapeIdentifier(name)} TEMPLATE ${pg.escapeIdentifier(template)}`)
}

/** Drops a database on the server of `url`, with whoever is still connected to it. */
export async function dropDatabase(url: string, name: string): Promise<void> {
  await onServer(url, `DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)} WITH (FORCE)`)
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  await client.connect()
  await client.query(statement).finally(() => client.end())
}
