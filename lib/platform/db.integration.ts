import { randomUUID } from 'node:crypto'
import { connect, createServer, type AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type Clock, systemClock } from './clock.ts'
import { type DatabaseAway, type Db, openDb, type Sql, sql } from './db.ts'
import { GateClosed } from './gate.ts'
import { useTestDb } from './test-db.fixture.ts'

const real = useTestDb()
const any = z.unknown()
const count = z.object({ n: z.int() })
const run = (statement: Sql, db: Db = real.db) => db.rows(any, statement)

const opened: Db[] = []
afterAll(async () => {
  for (const db of opened) await db.close()
})
function open(url = real.url, options: Parameters<typeof openDb>[1] = {}) {
  const db = openDb(url, options)
  opened.push(db)
  return db
}

async function timed<T>(work: Promise<T>): Promise<{ ms: number; error: unknown }> {
  const started = performance.now()
  const error = await work.then(() => undefined, (reason: unknown) => reason)
  return { ms: performance.now() - started, error }
}
const isFull = (cause: unknown) => cause instanceof GateClosed && cause.code === 'queue-full'
const away = expect.objectContaining({ name: 'DatabaseAway' })

beforeAll(async () => {
  await run(sql`CREATE SEQUENCE calls`)
  // A sequence keeps counting when its transaction is undone, so it tells how often a statement was tried.
  await run(sql`CREATE FUNCTION fails_until(enough int, state text) RETURNS int LANGUAGE plpgsql AS $$
    DECLARE n int := nextval('calls');
    BEGIN IF n < enough THEN RAISE EXCEPTION 'made to fail' USING ERRCODE = state; END IF; RETURN n; END $$`)
})

describe('a statement that the database undid because of another one', () => {
  test.each(['40001', '40P01'])('(%s) is repeated, and nobody sees it', async (state) => {
    await run(sql`SELECT setval('calls', 1, false)`)
    expect(await real.db.rows(count, sql`SELECT fails_until(4, ${state}) AS n`)).toEqual([{ n: 4 }])
  })
  test('is repeated three times and no more', async () => {
    await run(sql`SELECT setval('calls', 1, false)`)
    await expect(run(sql`SELECT fails_until(100, '40001') AS n`)).rejects.toEqual(away)
    expect(await real.db.rows(count, sql`SELECT nextval('calls')::int AS n`)).toEqual([{ n: 5 }])
  })
  test('in a real deadlock takes effect once', async () => {
    const [one, other] = [randomUUID(), randomUUID()]
    for (const id of [one, other]) await run(sql`INSERT INTO notifications (id, type, resource_type, resource_id) VALUES (${id}::uuid, 't', 't', ${id})`)
    const crossing = (first: string, second: string) => run(sql`
      WITH locked AS MATERIALIZED (SELECT id FROM notifications WHERE id = ${first}::uuid FOR UPDATE),
        pause AS MATERIALIZED (SELECT pg_sleep(0.3) FROM locked)
      UPDATE notifications SET receipts = receipts + 1 FROM pause WHERE id = ${second}::uuid RETURNING 1`)
    await Promise.all([crossing(one, other), crossing(other, one)])
    expect(await real.db.rows(z.object({ receipts: z.int() }), sql`SELECT receipts FROM notifications WHERE id IN (${one}::uuid, ${other}::uuid)`)).toEqual([{ receipts: 2 }, { receipts: 2 }])
  })
})

describe('a statement the database cannot do now', () => {
  test.each([
    ['no room on the disk', '53100'],
    ['no memory', '53200'],
    ['too many connections', '53300'],
    ['being shut down', '57P01'],
    ['starting up', '57P03'],
  ])('(%s) means: ask again later, and is not repeated', async (_, state) => {
    await run(sql`SELECT setval('calls', 1, false)`)
    await expect(run(sql`SELECT fails_until(100, ${state}) AS n`)).rejects.toEqual(away)
    expect(await real.db.rows(count, sql`SELECT nextval('calls')::int AS n`)).toEqual([{ n: 2 }])
  })
})

describe.concurrent('a statement that takes too long', () => {
  test('fails when its time is over, and leaves its connection to others', async () => {
    const db = open(real.url, { poolSize: 1 })
    await run(sql`SELECT 1`, db)
    const { ms, error } = await timed(run(sql`SELECT pg_sleep(20)::text`, db))
    expect(error).toEqual(away)
    expect(ms).toBeLessThan(3500)
    expect(await run(sql`SELECT 1`, db)).toHaveLength(1)
  })
  test('fails when somebody else keeps what it needs', async () => {
    const id = randomUUID()
    await run(sql`INSERT INTO notifications (id, type, resource_type, resource_id) VALUES (${id}::uuid, 't', 't', ${id})`)
    const keeping = run(sql`WITH kept AS MATERIALIZED (SELECT id FROM notifications WHERE id = ${id}::uuid FOR UPDATE) SELECT pg_sleep(2.4)::text FROM kept`)
    const { ms, error } = await timed(run(sql`WITH later AS MATERIALIZED (SELECT pg_sleep(0.1)) UPDATE notifications SET receipts = 2 FROM later WHERE id = ${id}::uuid`))
    expect(error).toEqual(away)
    expect(ms).toBeLessThan(3500)
    await keeping
  })
})

test('a statement whose process was suspended while it waited is not made any more', async () => {
  let jumpMs = 0
  const clock: Clock = { ...systemClock, now: () => new Date(Date.now() + jumpMs) }
  const db = open(real.url, { poolSize: 1, clock })
  const [{ n } = { n: 0 }] = await real.db.rows(count, sql`SELECT nextval('calls')::int AS n`)
  const first = run(sql`SELECT pg_sleep(0.2)::text`, db)
  const late = run(sql`SELECT nextval('calls')`, db)
  // The first one is on its way after this, and cannot be back.
  await new Promise(setImmediate)
  jumpMs = 60_000
  await first
  await expect(late).rejects.toEqual(away)
  expect(await real.db.rows(count, sql`SELECT nextval('calls')::int AS n`)).toEqual([{ n: n + 1 }])
})

describe.concurrent('a database that is away', () => {
  const silent = createServer(() => undefined)
  beforeAll(() => new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve)))
  afterAll(() => void silent.close())
  const silentUrl = () => Object.assign(new URL(real.url), { hostname: '127.0.0.1', port: String((silent.address() as AddressInfo).port) }).href

  test('and takes connections without a word is told within 3.5 s to everyone who asks, however many', async () => {
    const db = open(silentUrl(), { poolSize: 2 })
    const asked = await Promise.all(Array.from({ length: 500 }, () => timed(run(sql`SELECT 1`, db))))
    for (const { error } of asked) expect(error).toEqual(away)
    expect(Math.max(...asked.map(({ ms }) => ms))).toBeLessThan(3500)
    // Two places, four hundred who wait: the others are told at once.
    expect(asked.filter(({ error }) => isFull((error as DatabaseAway | undefined)?.cause)).length).toBeGreaterThanOrEqual(98)
  })
  test('and refuses is told at once', async () => {
    const { ms, error } = await timed(run(sql`SELECT 1`, open('postgresql://x@127.0.0.1:1/x')))
    expect(error).toEqual(away)
    expect(ms).toBeLessThan(1000)
  })
  test('and has ended every connection is asked again over new ones', async ({ expect }) => {
    const db = open(`${real.url}?application_name=ended`, { poolSize: 5 })
    await Promise.all(Array.from({ length: 5 }, () => run(sql`SELECT pg_sleep(0.05)::text`, db)))
    await run(sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'ended'`)
    await expect.poll(() => db.answers()).toBe(true)
    await Promise.all(Array.from({ length: 5 }, () => run(sql`SELECT 1`, db)))
  })
})

describe.concurrent('a request', () => {
  test('is answered within 3.5 s however many statements it makes', async () => {
    const slow = () => real.db.rows(any, sql`SELECT pg_sleep(1)::text`)
    const { ms, error } = await timed(real.db.inRequest(async () => {
      for (let n = 0; n < 10; n += 1) await slow()
    }))
    expect(error).toEqual(away)
    expect(ms).toBeLessThan(3500)
  })
  test('leaves what goes on after its answer the time it needs', async () => {
    let after: Promise<unknown> = Promise.resolve()
    await real.db.inRequest(async () => {
      after = (async () => {
        for (let n = 0; n < 4; n += 1) await run(sql`SELECT pg_sleep(1)::text`)
      })()
    })
    await after
  })
})

test('never more connections are held than the pool may have, however many ask', async () => {
  const db = open(`${real.url}?application_name=bounded`, { poolSize: 3 })
  const seen = sql`SELECT count(*)::int AS n, pg_sleep(0.01)::text FROM pg_stat_activity WHERE application_name = 'bounded'`
  const counts = await Promise.all(Array.from({ length: 60 }, () => db.rows(count, seen)))
  expect(Math.max(...counts.map(([row]) => row!.n))).toBeLessThanOrEqual(3)
})

describe('behind a pooler in transaction mode', () => {
  /** What a connection says at its start (PostgreSQL protocol 3.0, StartupMessage), on its way to the database. */
  async function watched(options: string) {
    const said: Record<string, string>[] = []
    const { hostname, port } = new URL(real.url)
    const between = createServer((client) => {
      const server = connect({ host: hostname, port: Number(port) })
      client.once('data', (first) => {
        const words = first.subarray(8, first.readInt32BE(0) - 1).toString().split('\0')
        said.push(Object.fromEntries(Array.from({ length: words.length >> 1 }, (_, index) => [words[2 * index], words[2 * index + 1]])))
      })
      client.pipe(server).pipe(client)
      client.on('error', () => server.destroy())
      server.on('error', () => client.destroy())
    })
    await new Promise<void>((resolve) => between.listen(0, '127.0.0.1', resolve))
    const url = new URL(real.url)
    Object.assign(url, { hostname: '127.0.0.1', port: String((between.address() as AddressInfo).port), search: options })
    const db = openDb(url.href, { poolSize: 1 })
    await run(sql`SELECT ${1}::int`, db)
    const [{ n } = { n: -1 }] = await db.rows(count, sql`SELECT count(*)::int AS n FROM pg_prepared_statements`)
    await db.close()
    between.close()
    return { said: said[0] ?? {}, kept: n }
  }
  // What PgBouncer refuses at the start of a connection, and what it would hand to another client in the middle: anything that belongs to a session.
  test('nothing is said and nothing is kept that belongs to a session', async () => {
    const { said, kept } = await watched('?pgbouncer=true')
    expect(Object.keys(said).toSorted()).toEqual(['client_encoding', 'database', 'user'])
    expect(kept).toBe(0)
  })
  test('and without one the database bounds each statement itself, and plans it once', async () => {
    const { said, kept } = await watched('')
    expect(said).toMatchObject({ statement_timeout: '2500', lock_timeout: '2000', idle_in_transaction_session_timeout: '5000', options: '-c TimeZone=UTC' })
    expect(kept).toBeGreaterThan(0)
  })
})
