import { randomBytes, randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createNotificationStore } from '../notifications/notification-store.ts'
import { sql } from '../platform/db.ts'
import { useTestDb } from '../platform/test-db.fixture.ts'
import { type AnswerVerdict, createSessionStore } from './session-store.ts'
import { untilAnswered } from './until-answered.fixture.ts'

// What each condition of the counting statements is for; what they do to guesses at once is in lib/wizard/answer-limit.integration.ts.
const real = useTestDb()
const store = () => createSessionStore(real.db)
const aKey = () => randomBytes(16).toString('hex')
const halfAnHour = 30 * 60

async function announce() {
  const authorisationId = randomUUID()
  await createNotificationStore(real.db, { lifetimeSeconds: 600 }).record({ type: 'resourceCreated', resource: { id: authorisationId, type: 'authorisation' }, bankId: null, externalId: null, announcesAuthorisation: true })
  return { authorisationId, bankAccount: null, externalId: 'account', redirectUri: 'https://x.sage.com/back', state: 's' }
}

/** The first answer of an authorisation, counted under these keys. */
async function claim(keys: string[], { parameters, state = 'awaiting_bank' }: { parameters?: Awaited<ReturnType<typeof announce>>; state?: 'awaiting_user' | 'awaiting_bank' } = {}) {
  const id = randomUUID()
  const session = { id, handleDigest: new Uint8Array(randomBytes(32)), locale: 'en-GB', state, step: 1, sealedStep: 'x' }
  return { id, ...(await store().claim(parameters ?? (await announce()), session, { account: null, keys })) }
}
const answer = (id: string, step: number, keys: string[] = [], named = false) => store().answer(id, { step }, { state: 'awaiting_bank', step, sealedStep: 'x' }, { keys, named })
const judged = (id: string, step: number, verdict?: AnswerVerdict) => store().advance(id, { state: 'awaiting_bank', step }, { state: 'awaiting_user', step: step + 1, sealedStep: 'x' }, { verdict })

/** How many answers stand counted under a key; undefined where nothing was ever counted. */
async function counted(key: string): Promise<number | undefined> {
  const [found] = await real.db.rows(z.object({ failed: z.int() }), sql`SELECT failed FROM answer_counts WHERE key = ${key}`)
  return found?.failed
}
const endsIn = (key: string, seconds: number) => real.db.rows(z.unknown(), sql`UPDATE answer_counts SET ends_at = now() + make_interval(secs => ${seconds}) WHERE key = ${key} RETURNING key`)

describe('answers counted under a key', () => {
  test('are five, each told how many are left, and then none until the first is half an hour old', async () => {
    const key = aKey()
    const left = []
    for (let tries = 1; tries <= 5; tries += 1) left.push(await claim([key]))
    expect(left).toMatchObject([4, 3, 2, 1, 0].map((triesLeft) => ({ counted: 'yes', triesLeft })))
    await endsIn(key, 600)
    const sixth = await claim([key])
    expect(sixth).toMatchObject({ counted: 'limited', retrySeconds: expect.any(Number) })
    expect(sixth.counted === 'limited' && sixth.retrySeconds > 0 && sixth.retrySeconds <= 600).toBe(true)
    expect(await counted(key)).toBe(5)
  })
  test('end half an hour after the first, however late the last one is', async () => {
    const key = aKey()
    expect(await claim([key])).toMatchObject({ retrySeconds: halfAnHour })
    await endsIn(key, 60)
    await claim([key])
    const third = await claim([key])
    expect(third.counted === 'yes' && third.retrySeconds > 0 && third.retrySeconds <= 60).toBe(true)
  })
  test.each([1, 5])('begin anew when their time is over: %i', async (before) => {
    const key = aKey()
    for (let tries = 1; tries <= before; tries += 1) await claim([key])
    await endsIn(key, -1)
    expect(await claim([key])).toMatchObject({ counted: 'yes', triesLeft: 4, retrySeconds: halfAnHour })
    const next = await claim([key])
    expect(next).toMatchObject({ counted: 'yes', triesLeft: 3 })
    expect(next.counted === 'yes' && next.retrySeconds > halfAnHour - 300).toBe(true)
  })
  test('are as many as those of the fullest key', async () => {
    const [empty, used] = [aKey(), aKey()]
    await claim([used])
    await claim([used])
    expect(await claim([empty, used])).toMatchObject({ triesLeft: 2 })
  })
  test('under one full key and another that is not leave both as they were, and the start open', async () => {
    const [full, fresh, other] = [aKey(), aKey(), aKey()]
    for (let tries = 1; tries <= 5; tries += 1) await claim([full])
    const parameters = await announce()
    expect(await claim([full, fresh], { parameters })).toMatchObject({ counted: 'limited' })
    expect([await counted(full), await counted(fresh)]).toEqual([5, 0])
    expect(await claim([other], { parameters })).toMatchObject({ counted: 'yes' })
  })
  test('are none of a start that is lost, or that brings no answer', async () => {
    const [lost, asked] = [aKey(), aKey()]
    const parameters = await announce()
    expect(await claim([asked], { parameters, state: 'awaiting_user' })).toMatchObject({ counted: 'yes' })
    expect(await claim([lost], { parameters })).toMatchObject({ counted: 'lost' })
    expect([await counted(lost), await counted(asked)]).toEqual([undefined, undefined])
  })
})

describe('an answer of a running session', () => {
  test('is counted under the keys of its start and under those it brings, each once', async () => {
    const [first, more] = [aKey(), aKey()]
    const { id } = await claim([first])
    await judged(id, 1, 'wrong')
    expect(await answer(id, 2, [first, more])).toMatchObject({ counted: 'yes', triesLeft: 3 })
    expect([await counted(first), await counted(more)]).toEqual([2, 1])
  })
  test('that names a person is counted, and taken back, under its own keys alone: those of somebody named before stay as they are', async () => {
    const [account, before, after] = [aKey(), aKey(), aKey()]
    const { id } = await claim([account, before])
    await judged(id, 1, 'wrong')
    expect(await answer(id, 2, [account, after], true)).toMatchObject({ counted: 'yes', triesLeft: 3 })
    expect([await counted(account), await counted(before), await counted(after)]).toEqual([2, 1, 1])
    await judged(id, 2, 'wrong')
    expect(await answer(id, 3)).toMatchObject({ counted: 'yes' })
    expect([await counted(account), await counted(before), await counted(after)]).toEqual([3, 1, 2])
    await store().uncount(id, 'all')
    expect([await counted(account), await counted(before), await counted(after)]).toEqual([undefined, 1, undefined])
  })
  test('is one of any number that come at once', async () => {
    const key = aKey()
    const { id } = await claim([key])
    await judged(id, 1, 'wrong')
    const answers = await Promise.all(Array.from({ length: 20 }, () => untilAnswered(() => answer(id, 2))))
    expect(answers.filter((each) => each.counted === 'yes').length).toBeLessThanOrEqual(1)
    expect(answers.filter((each) => each.counted === 'limited')).toEqual([])
    expect(await counted(key)).toBe(2)
  })
  test('is not taken, nor counted, where any of its keys is full', async () => {
    const [own, full] = [aKey(), aKey()]
    for (let tries = 1; tries <= 5; tries += 1) await claim([full])
    const { id } = await claim([own])
    await judged(id, 1, 'wrong')
    expect(await answer(id, 2, [full])).toMatchObject({ counted: 'limited' })
    expect([await counted(own), await counted(full)]).toEqual([1, 5])
    expect(await answer(id, 2)).toMatchObject({ counted: 'yes' })
  })
  test('is the fifth wrong one at most, even if all that is counted beside the session is taken back', async () => {
    const key = aKey()
    const { id } = await claim([key])
    for (let step = 1; step < 5; step += 1) {
      await judged(id, step, 'wrong')
      await store().uncount(id, 'all')
      expect(await answer(id, step + 1)).toMatchObject({ counted: 'yes', triesLeft: 4 - step })
    }
    await judged(id, 5, 'wrong')
    await store().uncount(id, 'all')
    expect(await answer(id, 6)).toMatchObject({ counted: 'limited' })
    expect((await counted(key)) ?? 0).toBe(0)
  })
  test('to another step, while the bank is asked, or after the time is lost and not counted', async () => {
    const key = aKey()
    const { id } = await claim([key])
    expect(await answer(id, 1)).toEqual({ counted: 'lost' })
    await judged(id, 1, 'wrong')
    for (const step of [1, 3]) expect(await answer(id, step)).toEqual({ counted: 'lost' })
    await real.db.rows(z.unknown(), sql`UPDATE sessions SET expires_at = now() - interval '1 second' WHERE id = ${id}::uuid RETURNING id`)
    expect(await answer(id, 2)).toEqual({ counted: 'lost' })
    expect(await counted(key)).toBe(1)
  })
})

describe('the counting of an answer', () => {
  test.each<[number, AnswerVerdict | undefined]>([[1, 'wrong'], [1, 'overdue'], [1, undefined], [0, 'accepted'], [0, 'expired'], [0, 'denied'], [0, 'away']])('is %i after the verdict %s', async (left, verdict) => {
    const key = aKey()
    const { id } = await claim([key])
    expect(await judged(id, 1, verdict)).toBe(true)
    expect(await counted(key)).toBe(left)
    // The session's own count, too.
    expect(await answer(id, 2)).toMatchObject({ counted: 'yes', triesLeft: 4 - left })
  })
  test('is taken back by who moves the session, and by nobody else', async () => {
    const key = aKey()
    const { id } = await claim([key])
    expect(await judged(id, 2, 'accepted')).toBe(false)
    expect(await counted(key)).toBe(1)
  })
  test('is taken back for the last answer or for all, and never below nothing', async () => {
    const key = aKey()
    await claim([key])
    const { id } = await claim([key])
    await store().uncount(id, 'last')
    expect(await counted(key)).toBe(1)
    for (let times = 0; times < 2; times += 1) await store().uncount(id, 'last')
    expect(await counted(key)).toBe(0)
    await store().uncount(id, 'all')
    expect(await counted(key)).toBeUndefined()
  })
})
