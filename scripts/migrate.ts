// `npm run migrate`: brings the database of DATABASE_URL to the committed migrations. Any number of replicas may run it at once.
import pg from 'pg'
import { givenSecret } from '../lib/platform/given-value.ts'
import { applyMigrations } from './support/schema-engine.ts'

// One number for this product's migrations; any constant serves as long as it never changes.
const lock = 7_316_014_229

/**
 * Applies what is missing, holding a session-level advisory lock so that parallel migrators wait for each other. The lock needs a direct
 * connection: through PgBouncer in transaction mode it would not hold.
 * @returns the names of the migrations applied.
 */
export async function migrate(databaseUrl: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 })
  await client.connect()
  try {
    await client.query('SELECT pg_advisory_lock($1)', [lock])
    return await applyMigrations(databaseUrl)
  } finally {
    await client.end()
  }
}

if (import.meta.main) {
  // As process 1 of a container it would go on otherwise. A migration that is broken off is rolled back.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => process.exit(1))
  const databaseUrl = givenSecret(process.env, 'DATABASE_URL')
  if (!databaseUrl) {
    process.stderr.write('The settings are not right:\n  DATABASE_URL: is missing\n')
    process.exit(1)
  }
  const applied = await migrate(databaseUrl)
  process.stdout.write(applied.length > 0 ? `Migrated: ${applied.join(', ')}\n` : 'The database is up to date.\n')
  // The engine keeps its pool open; the work is done.
  process.exit(0)
}
