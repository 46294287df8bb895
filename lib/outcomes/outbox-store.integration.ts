import { randomBytes, randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createSessionStore } from '../authorisations/session-store.ts'
import { createNotificationStore } from '../notifications/notification-store.ts'
import { sql } from '../platform/db.ts'
import { useTestDb } from '../platform/test-db.fixture.ts'
import { createOutboxStore, type AttemptRecord } from './outbox-store.ts'
import type { OutcomeBody } from './outcome.ts'

const real = useTestDb()
beforeEach(async () => {
  await real.db.rows(z.unknown(), sql`TRUNCATE authorisations CASCADE`)
  await real.db.rows(z.unknown(), sql`UPDATE provider_api_pace SET next_slot_at = now() - interval '1 hour' RETURNING id`)
})

const success: OutcomeBody = { data: { status: 'success' } }
const outbox = (requestsPerSecond = 1000) => createOutboxStore(real.db, { requestsPerSecond })
const run = (statement: ReturnType<typeof sql>) => real.db.rows(z.unknown(), statement)

async function session() {
  const authorisationId = randomUUID()
  await createNotificationStore(real.db, { lifetimeSeconds: 600 }).record({
    type: 'resourceCreated', resource: { id: authorisationId, type: 'authorisation' }, bankId: null, externalId: null, announcesAuthorisation: true,
  })
  const id = randomUUID()
  const handleDigest = new Uint8Array(randomBytes(32))
  await createSessionStore(real.db).claim(
    { authorisationId, bankAccount: null, externalId: 'a', redirectUri: 'https://x.sage.com/', state: 's' },
    { id, handleDigest, locale: 'en-GB', state: 'awaiting_bank', step: 1, sealedStep: 'sealed' },
  )
  return { id, authorisationId, handleDigest }
}

async function pending() {
  const { id, authorisationId } = await session()
  await outbox().finish({ sessionId: id, result: 'authorised', reason: null, body: success, from: { state: 'awaiting_bank', step: 1 } })
  return authorisationId
}

const outcomeOf = (authorisationId: string) => real.db.prisma.outcome.findUniqueOrThrow({ where: { authorisationId }, include: { attempts: { orderBy: { number: 'asc' } } } })
const lapse = (authorisationId: string) => run(sql`UPDATE outcomes SET lease_until = now() - interval '1 second' WHERE authorisation_id = ${authorisationId}::uuid RETURNING 1`)
const makeDue = (authorisationId: string) => run(sql`UPDATE outcomes SET due_at = now() WHERE authorisation_id = ${authorisationId}::uuid RETURNING 1`)

describe('the end of a session', () => {
  test('writes the outcome and drops what the bank asked, together', async () => {
    const { id, authorisationId } = await session()
    expect(await outbox().finish({ sessionId: id, result: 'authorised', reason: null, body: success, from: { state: 'awaiting_bank', step: 1 } })).toBe(true)
    expect(await real.db.prisma.session.findUniqueOrThrow({ where: { id } })).toMatchObject({ state: 'finished', result: 'authorised', sealedStep: null, bankDeadlineAt: null })
    expect(await outcomeOf(authorisationId)).toMatchObject({ state: 'pending', body: success, attempts: [] })
  })
  test('happens once, whoever comes first of 50', async () => {
    const { id, authorisationId } = await session()
    const ends = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        outbox().finish({ sessionId: id, result: index % 2 ? 'cancelled' : 'authorised', reason: null, body: index % 2 ? null : success }),
      ),
    )
    expect(ends.filter(Boolean)).toHaveLength(1)
    expect(await real.db.prisma.outcome.count({ where: { authorisationId } })).toBe(1)
  })
  test('does not happen from a step that has passed', async () => {
    const { id } = await session()
    expect(await outbox().finish({ sessionId: id, result: 'authorised', reason: null, body: success, from: { state: 'awaiting_bank', step: 2 } })).toBe(false)
    expect(await outbox().finish({ sessionId: id, result: 'authorised', reason: null, body: success, from: { state: 'awaiting_user', step: 1 } })).toBe(false)
  })
  test('with nothing to tell Sage needs no delivery', async () => {
    const { id, authorisationId } = await session()
    await outbox().finish({ sessionId: id, result: 'refused', reason: 'locked', body: null })
    expect(await outcomeOf(authorisationId)).toMatchObject({ state: 'not_required', body: null, settledAt: expect.any(Date) })
    expect(await outbox().take({})).toBeUndefined()
  })
  test('is no success after its time, and no expiry before it', async () => {
    const { id } = await session()
    expect(await outbox().finish({ sessionId: id, result: 'expired', reason: null, body: null })).toBe(false)
    await run(sql`UPDATE sessions SET expires_at = now() - interval '1 second' WHERE id = ${id}::uuid RETURNING 1`)
    expect(await outbox().finish({ sessionId: id, result: 'authorised', reason: null, body: success })).toBe(false)
    expect(await outbox().finish({ sessionId: id, result: 'expired', reason: null, body: null })).toBe(true)
  })
  test('comes to those nobody looks at any more', async () => {
    const [old, young] = [await session(), await session()]
    await run(sql`UPDATE sessions SET expires_at = now() - interval '1 second' WHERE id = ${old.id}::uuid RETURNING 1`)
    expect(await outbox().finishOverdue(null, 10)).toBe(1)
    expect(await real.db.prisma.session.findUniqueOrThrow({ where: { id: old.id } })).toMatchObject({ result: 'expired', sealedStep: null })
    expect(await real.db.prisma.session.findUniqueOrThrow({ where: { id: young.id } })).toMatchObject({ state: 'awaiting_bank' })
  })
})

describe('a delivery', () => {
  test('is taken by one of two workers, and each of many by one', async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, pending))
    const taken = await Promise.all(Array.from({ length: 40 }, () => outbox().take({})))
    const found = taken.flatMap((delivery) => (delivery ? [delivery.authorisationId] : []))
    expect(found.toSorted()).toEqual(ids.toSorted())
  })
  test('is recorded as an attempt before anything is sent', async () => {
    const id = await pending()
    const delivery = await outbox().take({ authorisationId: id })
    expect(delivery).toMatchObject({ authorisationId: id, epoch: 1, body: success })
    expect((await outcomeOf(id)).attempts).toMatchObject([{ number: 1, finishedAt: null, result: null }])
  })
  test('is taken again when its lease has passed on, and the one who had it writes nothing any more', async () => {
    const id = await pending()
    const frozen = (await outbox().take({}))!
    expect(await outbox().take({})).toBeUndefined()
    await lapse(id)
    const fresh = (await outbox().take({}))!
    expect(fresh.epoch).toBe(2)
    expect(await outbox().settle(frozen, { result: 'rejected', status: 404 }, 0)).toBeUndefined()
    expect(await outbox().settle(fresh, { result: 'applied', status: 200 }, 0)).toBe('delivered')
    expect(await outcomeOf(id)).toMatchObject({ state: 'delivered', attempts: [{ number: 1, result: null }, { number: 2, result: 'applied', httpStatus: 200 }] })
  })
  test.each<[string, AttemptRecord[], string]>([
    ['applied', [{ result: 'applied', status: 200 }], 'delivered'],
    ['refused at once', [{ result: 'rejected', status: 404 }], 'undeliverable'],
    ['postponed, then applied', [{ result: 'postponed', status: 429 }, { result: 'applied', status: 204 }], 'delivered'],
    ['postponed, then refused', [{ result: 'postponed', status: 429 }, { result: 'rejected', status: 409 }], 'undeliverable'],
    ['unclear, then refused', [{ result: 'unclear', failure: 'timeout' }, { result: 'rejected', status: 409 }], 'probably_applied'],
    ['unclear', [{ result: 'unclear', failure: 'network' }], 'pending'],
  ])('that is %s ends as it should', async (_, attempts, state) => {
    const id = await pending()
    for (const attempt of attempts) {
      await makeDue(id)
      await outbox().settle((await outbox().take({ authorisationId: id }))!, attempt, 0)
    }
    const outcome = await outcomeOf(id)
    expect(outcome.state).toBe(state)
    expect(outcome.attempts.map(({ result }) => result)).toEqual(attempts.map(({ result }) => result))
    expect(outcome.settledAt === null).toBe(state === 'pending')
  })
  test('that was never recorded as finished counts as unclear', async () => {
    const id = await pending()
    await outbox().take({})
    await lapse(id)
    expect(await outbox().settle((await outbox().take({}))!, { result: 'rejected', status: 409 }, 0)).toBe('probably_applied')
  })
  test('that is postponed waits for its time', async () => {
    const id = await pending()
    await outbox().settle((await outbox().take({}))!, { result: 'postponed', status: 429 }, 60_000)
    expect(await outbox().take({ authorisationId: id })).toBeUndefined()
  })
  test('is given up, visibly, at its end', async () => {
    const id = await pending()
    expect(await outbox().giveUpOverdue()).toEqual([])
    await run(sql`UPDATE outcomes SET deliver_until = now() - interval '1 second' WHERE authorisation_id = ${id}::uuid RETURNING 1`)
    expect(await outbox().take({})).toBeUndefined()
    expect(await outbox().giveUpOverdue()).toEqual([id])
    expect(await outcomeOf(id)).toMatchObject({ state: 'undeliverable' })
  })
  test('waits for its turn: ten a second over all replicas', async () => {
    await Promise.all(Array.from({ length: 15 }, pending))
    const taken = await Promise.all(Array.from({ length: 15 }, () => outbox(10).take({})))
    const waits = taken.map((delivery) => delivery?.waitMs ?? -1).toSorted((a, b) => a - b)
    expect(waits[0]).toBeLessThan(100)
    // However fast they were taken, the last one's turn is fourteen slots after the first one's.
    const { next_slot_at: next } = (await real.db.rows(z.object({ next_slot_at: z.date() }), sql`SELECT next_slot_at FROM provider_api_pace`))[0]!
    const firstTurn = (await run(sql`SELECT min(lease_until) AS first FROM outcomes`))[0] as { first: Date }
    expect(next.getTime() - (firstTurn.first.getTime() - 10_000)).toBeGreaterThanOrEqual(1490)
  })
})
