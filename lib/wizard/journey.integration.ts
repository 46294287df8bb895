import { randomBytes } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { bankingServiceClient } from '../../e2e/banking-service/client.ts'
import { standInSettings } from '../../e2e/banking-service/settings.ts'
import { startBankingService } from '../../e2e/banking-service/start-banking-service.ts'
import { freePorts } from '../../scripts/support/free-port.mjs'
import type { BankAdapter, Turn } from '../banks/bank-adapter.ts'
import { mostMedia } from '../challenges/media.ts'
import { asPicture } from '../challenges/samples/png.ts'
import { scene } from '../challenges/samples/scenes.ts'
import { createNotificationStore } from '../notifications/notification-store.ts'
import { sql } from '../platform/db.ts'
import { useTestDb } from '../platform/test-db.fixture.ts'
import { readSettings } from '../platform/env.ts'
import { RemoteFault } from '../platform/http.ts'
import { createServices, type Services } from '../services.ts'
import type { Screen } from './screen.ts'

// The wizard's use cases on real parts: PostgreSQL, the stand-in as Sage; only the bank does what each test says.
const bank = {
  describe: () => ({ name: 'Test Bank', firstChallenge: { kind: 'credentials', prompt: {} } }),
  start: vi.fn<BankAdapter['start']>(),
  answer: vi.fn<BankAdapter['answer']>(),
  poll: vi.fn<NonNullable<BankAdapter['poll']>>(),
} satisfies BankAdapter

const real = useTestDb()
let services: Services
let sage: Awaited<ReturnType<typeof startBankingService>>
beforeAll(async () => {
  const [port = 0] = await freePorts(1)
  const env = {
    ...standInSettings({ publicUrl: 'http://localhost:3000', bankingServicePort: port }),
    BANKING_SERVICE_PORT: String(port),
    DATABASE_URL: real.url,
    SEAL_KEYS: randomBytes(32).toString('base64url'),
    BANK_ADAPTER: 'sandbox',
    LOG_LEVEL: 'silent',
  } as unknown as NodeJS.ProcessEnv
  sage = await startBankingService(env)
  services = createServices(readSettings(env), { bank })
})
afterAll(async () => {
  await services.stop()
  await sage.close()
})
afterEach(() => vi.resetAllMocks())

const code = { kind: 'one-time-code', prompt: { channel: 'sms', destination: '•••• 1', length: 6 } } as const
const approval = { kind: 'approval', prompt: { status: 'waiting', pollSeconds: 1 } } as const
const ownPage = (opens: 'frame' | 'window') => ({ kind: 'redirect', prompt: { address: 'https://bank.example/', opens } }) as const
const picture = asPicture(scene('boat'), 'A boat')
const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="5" height="4"><script>alert(1)</script></svg>').toString('base64')
const pictureTurn = (changes: object = {}, more: object = {}): Extract<Turn, { turn: 'challenge' }> => ({
  turn: 'challenge',
  challenge: { kind: 'picture-code', prompt: { purpose: 'scan', picture: { ...picture, ...changes }, expiresInSeconds: 60, reply: { characters: 'digits', length: 6 }, ...more } },
  state: null,
  otherWay: false,
})
/** Bytes that nothing makes smaller, as the rest of a step may be. */
const randomSound = () => Buffer.concat([Buffer.from('ID3'), randomBytes((mostMedia / 4) * 3 - 3)]).toString('base64')
const authorised: Turn = { turn: 'authorised', accounts: [{ externalId: 'account' }] }
const signIn = { username: 'ada', password: 'secret-word', action: 'continue' }

/** An announced authorisation, entered. */
async function enter() {
  const created = await bankingServiceClient(sage.url).createAuthorisation({ notify: false, externalId: 'account' })
  await createNotificationStore(real.db, { lifetimeSeconds: 600 }).record({
    type: 'resourceCreated', resource: { id: created.authorisationId, type: 'authorisation' }, bankId: null, externalId: null, announcesAuthorisation: true,
  })
  const entry = await services.enter.fromQuery(new URL(created.authrefreshUrl).search, { fix: true })
  if (entry.entry !== 'open') throw new Error(entry.entry)
  return { ...created, screen: entry.screen }
}

const post = ({ handle, formToken }: { handle: string; formToken: string }, entries: Record<string, string>) =>
  handle.includes('.') ? services.start(handle, { form_token: formToken, ...entries }, 'en-GB') : services.submitAnswer(handle, { form_token: formToken, ...entries })

async function see(posted: Awaited<ReturnType<typeof post>>) {
  if (posted.posted !== 'see') throw new Error(posted.posted)
  return (await services.showStep(posted.handle)).screen
}

type Open = Extract<Screen, { formToken: string }>
function open(screen: Screen): Open {
  if (!('formToken' in screen)) throw new Error(`no form on ${screen.screen}`)
  return screen
}

const outcomeOf = (authorisationId: string) => real.db.prisma.outcome.findUnique({ where: { authorisationId } })
const patchesOf = async (id: string) => (await bankingServiceClient(sage.url).authorisation(id)).patches

describe('a journey', () => {
  test('ends with Sage told, before the person leaves', async () => {
    bank.start.mockResolvedValue({ turn: 'challenge', challenge: code, state: { sent: 1 } })
    bank.answer.mockResolvedValue(authorised)
    const { authorisationId, screen, redirectUri, state } = await enter()
    const second = open(await see(await post(screen, signIn)))
    expect(second).toMatchObject({ screen: 'challenge', content: { challenge: code } })
    const last = await see(await post(second, { code: '123456', action: 'continue' }))
    expect(last).toMatchObject({ screen: 'finished', result: 'authorised', told: 'yes', returnTo: `${redirectUri}?state=${state}` })
    expect(await patchesOf(authorisationId)).toMatchObject([{ body: { data: { status: 'success' } }, applied: true }])
    expect(bank.answer).toHaveBeenCalledWith(expect.objectContaining({ externalId: 'account', state: { sent: 1 }, answer: { kind: 'one-time-code', value: { code: '123456' } } }), expect.anything())
  })
  test('tells Sage nothing when the account is not among those shown', async () => {
    bank.start.mockResolvedValue({ turn: 'authorised', accounts: [{ externalId: 'another' }] })
    const { authorisationId, screen } = await enter()
    expect(await see(await post(screen, signIn))).toMatchObject({ screen: 'finished', result: 'refused', reason: 'wrong-account' })
    expect(await outcomeOf(authorisationId)).toMatchObject({ state: 'not_required' })
    expect(await patchesOf(authorisationId)).toEqual([])
  })
  test('cancelled on the first screen claims and ends, without a call of the bank', async () => {
    const { screen } = await enter()
    expect(await see(await post(screen, { action: 'cancel' }))).toMatchObject({ screen: 'finished', result: 'cancelled' })
    expect(await services.enter.fromHandle(screen.handle)).toBeUndefined()
    expect(bank.start).not.toHaveBeenCalled()
  })
})

describe('the language of a session', () => {
  const startIn = async (locale: string) => {
    const { screen, ...rest } = await enter()
    const posted = await services.start(screen.handle, { form_token: screen.formToken, ...signIn }, locale)
    if (posted.posted !== 'see') throw new Error(posted.posted)
    return { handle: posted.handle, ...rest }
  }

  test('is the one in which it was claimed, until another one is chosen', async () => {
    bank.start.mockResolvedValue({ turn: 'challenge', challenge: code, state: null })
    const { handle } = await startIn('fr-CA')
    expect(await services.showStep(handle)).toMatchObject({ locale: 'fr-CA' })
    expect(await services.showStep(handle, { speak: 'de-DE' })).toMatchObject({ locale: 'de-DE' })
    expect(await services.showStep(handle)).toMatchObject({ locale: 'de-DE' })
  })
  test('changes alone: the step, its form and its version stay, and the bank hears nothing of it', async () => {
    bank.start.mockResolvedValue({ turn: 'challenge', challenge: code, state: null, problem: 'wrong' })
    const { handle } = await startIn('en-GB')
    const { bank: name, formToken, version, ...rest } = open((await services.showStep(handle)).screen)
    const before = { bank: name, formToken, version, ...('content' in rest ? { content: rest.content } : {}) }
    const shown = await Promise.all(['de-DE', 'de-DE', 'pt-PT', 'es-ES'].map((speak) => services.showStep(handle, { speak })))
    for (const { screen } of shown) expect(screen).toMatchObject(before)
    expect(bank.start).toHaveBeenCalledTimes(1)
    expect(bank.answer).not.toHaveBeenCalled()
  })
  test('is told to the bank with the next answer', async () => {
    bank.start.mockResolvedValue({ turn: 'challenge', challenge: code, state: null })
    bank.answer.mockResolvedValue(authorised)
    const { handle, authorisationId } = await startIn('en-GB')
    const screen = open((await services.showStep(handle, { speak: 'es-ES' })).screen)
    expect(await see(await post(screen, { code: '123456', action: 'continue' }))).toMatchObject({ screen: 'finished', result: 'authorised' })
    expect(bank.start).toHaveBeenCalledWith(expect.objectContaining({ locale: 'en-GB' }), expect.anything())
    expect(bank.answer).toHaveBeenCalledWith(expect.objectContaining({ locale: 'es-ES' }), expect.anything())
    expect(await patchesOf(authorisationId)).toHaveLength(1)
  })
  test('can still be chosen when it is over, and tells Sage nothing more', async () => {
    bank.start.mockResolvedValue(authorised)
    const { handle, authorisationId } = await startIn('en-GB')
    expect(await services.showStep(handle, { speak: 'de-DE' })).toMatchObject({ screen: { screen: 'finished', result: 'authorised' }, locale: 'de-DE' })
    expect(await services.showStep(handle)).toMatchObject({ locale: 'de-DE' })
    expect(await patchesOf(authorisationId)).toHaveLength(1)
  })
  test('is nobody\'s where there is no session', async () => {
    expect(await services.showStep('garbage', { speak: 'de-DE' })).toEqual({ screen: { screen: 'gone' } })
    const { screen } = await enter()
    expect(await services.showStep(screen.handle, { speak: 'de-DE' })).toMatchObject({ screen: { screen: 'challenge' } })
    expect((await services.showStep(screen.handle, { speak: 'de-DE' })).locale).toBeUndefined()
  })
})

describe('the same form posted again', () => {
  test('on the first screen, 50 times at once, leads to one place with one call of the bank', async () => {
    bank.start.mockResolvedValue({ turn: 'challenge', challenge: code, state: null })
    const { screen } = await enter()
    const posted = await Promise.all(Array.from({ length: 50 }, () => post(screen, signIn)))
    expect(new Set(posted.map((each) => JSON.stringify(each))).size).toBe(1)
    expect(posted[0]).toMatchObject({ posted: 'see' })
    expect(bank.start).toHaveBeenCalledTimes(1)
  })
  test('on a later step, 50 times at once, makes one call of the bank', async () => {
    bank.start.mockResolvedValue({ turn: 'challenge', challenge: code, state: null })
    bank.answer.mockResolvedValue(authorised)
    const { screen } = await enter()
    const second = open(await see(await post(screen, signIn)))
    await Promise.all(Array.from({ length: 50 }, () => post(second, { code: '123456', action: 'continue' })))
    expect(bank.answer).toHaveBeenCalledTimes(1)
  })
  test('after the screen has moved on, with another answer, changes nothing', async () => {
    bank.start.mockResolvedValue({ turn: 'challenge', challenge: code, state: null })
    bank.answer.mockResolvedValue({ turn: 'challenge', challenge: code, state: null, problem: 'wrong' })
    const { screen } = await enter()
    const second = open(await see(await post(screen, signIn)))
    const third = open(await see(await post(second, { code: '000000', action: 'continue' })))
    expect(await see(await post(second, { code: '111111', action: 'continue' }))).toEqual(third)
    expect(bank.answer).toHaveBeenCalledTimes(1)
  })
})

describe('of two renderings of the first screen', () => {
  test('one wins, and the other finds it gone', async () => {
    bank.start.mockResolvedValue({ turn: 'challenge', challenge: code, state: null })
    const { screen, authrefreshUrl } = await enter()
    const other = await services.enter.fromQuery(new URL(authrefreshUrl).search, { fix: true })
    if (other.entry !== 'open') throw new Error('an identical repeat was refused')
    const posted = await Promise.all([post(screen, signIn), post(other.screen, signIn)])
    expect(posted.map((each) => each.posted).toSorted()).toEqual(['gone', 'see'])
    expect(bank.start).toHaveBeenCalledTimes(1)
  })
})

describe('a form that is not right', () => {
  test('claims, asks again and keeps the user name, without a call of the bank', async () => {
    const { screen } = await enter()
    const again = open(await see(await post(screen, { username: 'ada', password: '', action: 'continue' })))
    expect(again).toMatchObject({ content: { entries: { username: 'ada' }, problems: [{ field: 'password' }] } })
    expect(bank.start).not.toHaveBeenCalled()
    bank.start.mockResolvedValue(authorised)
    expect(await see(await post(again, signIn))).toMatchObject({ screen: 'finished', result: 'authorised' })
  })
  test('is refused with the token of another session, of another screen, or none', async () => {
    bank.start.mockResolvedValue({ turn: 'challenge', challenge: code, state: null })
    const [one, other] = [await enter(), await enter()]
    const [first, second] = [open(await see(await post(one.screen, signIn))), open(await see(await post(other.screen, signIn)))]
    for (const formToken of ['', 'x', second.formToken, one.screen.formToken]) {
      expect(await post({ handle: first.handle, formToken }, { code: '123456' })).toEqual({ posted: 'foreign-form' })
    }
    expect(await post({ handle: one.screen.handle, formToken: other.screen.formToken }, signIn)).toEqual({ posted: 'foreign-form' })
    expect(bank.answer).not.toHaveBeenCalled()
  })
  test('finds nothing at a handle that is none', async () => {
    for (const handle of ['x', 'A'.repeat(43), 'a.b.c.d.e', '../../x']) {
      expect((await post({ handle, formToken: 'x' }, signIn)).posted).toBe('gone')
      expect((await services.showStep(handle)).screen).toEqual({ screen: 'gone' })
    }
  })
})

describe('a bank that', () => {
  test('is away brings the step back with the problem, and takes the next answer', async () => {
    bank.start.mockRejectedValueOnce(new RemoteFault('network', { retryable: true })).mockResolvedValueOnce(authorised)
    const { screen } = await enter()
    const again = open(await see(await post(screen, signIn)))
    expect(again).toMatchObject({ screen: 'challenge', content: { pageProblem: 'bank-away', entries: { username: 'ada' } } })
    expect(await see(await post(again, signIn))).toMatchObject({ result: 'authorised' })
  })
  test.each([
    ['throws', () => Promise.reject(new TypeError('secret-word'))],
    ['answers nonsense', () => Promise.resolve({ turn: 'maybe' } as never)],
    ['answers nothing', () => Promise.resolve(undefined as never)],
    ['shows a prompt of the wrong shape', () => Promise.resolve({ turn: 'challenge', challenge: { kind: 'one-time-code', prompt: { length: 'six' } } } as never)],
    ['hands over SVG with script for a picture', () => Promise.resolve(pictureTurn({ mediaType: 'image/svg+xml', base64: svg }) as never)],
    ['hands over SVG with script under the name of a PNG', () => Promise.resolve(pictureTurn({ base64: svg }))],
    ['hands over a picture that ends early', () => Promise.resolve(pictureTurn({ base64: picture.base64.slice(0, 60) }))],
    ['hands over a picture that is too large', () => Promise.resolve(pictureTurn({ base64: Buffer.alloc(400_000).toString('base64') }))],
    ['hands over a picture without words for it', () => Promise.resolve(pictureTurn({ alt: '' }))],
  ])('%s ends the journey truthfully', async (_, does) => {
    bank.start.mockImplementation(does)
    const { authorisationId, screen } = await enter()
    expect(await see(await post(screen, signIn))).toMatchObject({ screen: 'finished', result: 'failed', reason: 'unexpected', reference: authorisationId })
  })
  test('asks for something we have no screen for ends with that reason', async () => {
    bank.start.mockResolvedValue({ turn: 'challenge', challenge: { kind: 'riddle', prompt: {} } } as never)
    const { screen } = await enter()
    expect(await see(await post(screen, signIn))).toMatchObject({ result: 'failed', reason: 'unknown-challenge' })
  })
  test('thinks longer than a request waits shows the working screen, and the next one when it is done', async () => {
    let answer: (turn: Turn) => void = () => undefined
    bank.start.mockReturnValue(new Promise((resolve) => (answer = resolve)))
    const { screen } = await enter()
    const working = open(await see(await post(screen, signIn)))
    expect(working.screen).toBe('working')
    expect(await see(await post(working, { action: 'check' }))).toMatchObject({ screen: 'working' })
    answer(authorised)
    await vi.waitFor(async () => expect((await services.showStep(working.handle)).screen).toMatchObject({ screen: 'finished', result: 'authorised' }), { timeout: 10_000 })
  })
  test('never answers brings the step back after its deadline; what it says later is dropped', async () => {
    let answer: (turn: Turn) => void = () => undefined
    bank.start.mockReturnValue(new Promise((resolve) => (answer = resolve)))
    const { authorisationId, screen } = await enter()
    const working = open(await see(await post(screen, signIn)))
    await real.db.rows(z.unknown(), sql`UPDATE sessions SET bank_deadline_at = now() - interval '1 second' WHERE authorisation_id = ${authorisationId}::uuid RETURNING 1`)
    const { screen: again } = await services.showStep(working.handle)
    expect(again).toMatchObject({ screen: 'challenge', content: { pageProblem: 'bank-away' } })
    answer(authorised)
    await services.settled()
    expect((await services.showStep(working.handle)).screen).toEqual(again)
    expect(await outcomeOf(authorisationId)).toBeNull()
    expect(bank.start).toHaveBeenCalledTimes(1)
  })
  test('answers after the person cancelled changes nothing', async () => {
    let answer: (turn: Turn) => void = () => undefined
    bank.start.mockReturnValue(new Promise((resolve) => (answer = resolve)))
    const { authorisationId, screen } = await enter()
    const working = open(await see(await post(screen, signIn)))
    expect(await see(await post(working, { action: 'cancel' }))).toMatchObject({ result: 'cancelled' })
    answer(authorised)
    await services.settled()
    expect(await outcomeOf(authorisationId)).toMatchObject({ state: 'not_required' })
    expect(await patchesOf(authorisationId)).toEqual([])
  })
})

describe('a bank that waits for something done elsewhere', () => {
  const waiting = async () => {
    bank.start.mockResolvedValue({ turn: 'challenge', challenge: approval, state: { request: 7 } })
    const { authorisationId, screen } = await enter()
    return { authorisationId, screen: open(await see(await post(screen, signIn))) }
  }
  const look = async ({ handle }: Open) => (await services.showStep(handle, { poll: true })).screen
  const due = (authorisationId: string) => real.db.rows(z.unknown(), sql`UPDATE sessions SET poll_due_at = now() WHERE authorisation_id = ${authorisationId}::uuid RETURNING 1`)

  test('is asked once, however many look at the same time, and again when it is time', async () => {
    bank.poll.mockResolvedValue({ turn: 'pending', pollSeconds: 60 })
    const { authorisationId, screen } = await waiting()
    await Promise.all(Array.from({ length: 20 }, () => look(screen)))
    expect(bank.poll).toHaveBeenCalledTimes(1)
    expect(bank.poll).toHaveBeenCalledWith(expect.objectContaining({ state: { request: 7 }, challenge: approval, locale: 'en-GB' }), expect.anything())
    await due(authorisationId)
    bank.poll.mockResolvedValue(authorised)
    expect(await look(screen)).toMatchObject({ screen: 'finished', result: 'authorised', told: 'yes' })
  })
  test('is asked by Check now too, and not by looking at the page', async () => {
    const { screen } = await waiting()
    expect((await services.showStep(screen.handle)).screen).toEqual(expect.objectContaining({ version: screen.version }))
    expect(bank.poll).not.toHaveBeenCalled()
    bank.poll.mockResolvedValue({ turn: 'challenge', challenge: { kind: 'approval', prompt: { status: 'over', pollSeconds: 1 } }, problem: 'denied' })
    expect(await see(await post(screen, { action: 'check' }))).toMatchObject({ screen: 'challenge', content: { problems: [{ field: null, message: { key: 'approval.denied' } }] } })
  })
  test('and is away is asked again later; the person stays where they are', async () => {
    bank.poll.mockRejectedValueOnce(new RemoteFault('network', { retryable: true }))
    const { screen } = await waiting()
    expect(await look(screen)).toMatchObject({ screen: 'challenge', version: screen.version })
  })
  test.each([
    ['throws', () => Promise.reject(new TypeError('x')), 'unexpected'],
    ['answers nonsense', () => Promise.resolve({ turn: 'soon' } as never), 'unexpected'],
    ['asks something we have no screen for', () => Promise.resolve({ turn: 'challenge', challenge: { kind: 'riddle', prompt: {} } } as never), 'unknown-challenge'],
  ])('and %s ends the journey truthfully', async (_, does, reason) => {
    bank.poll.mockImplementation(does)
    const { screen } = await waiting()
    expect(await look(screen)).toMatchObject({ screen: 'finished', result: 'failed', reason })
  })
  test('changes nothing once the person cancelled', async () => {
    let answer: (turn: Turn) => void = () => undefined
    bank.poll.mockReturnValue(new Promise((resolve) => (answer = resolve)))
    const { authorisationId, screen } = await waiting()
    const looking = look(screen)
    await vi.waitFor(() => expect(bank.poll).toHaveBeenCalled())
    expect(await see(await post(screen, { action: 'cancel' }))).toMatchObject({ result: 'cancelled' })
    answer(authorised)
    await looking
    await services.settled()
    expect(await outcomeOf(authorisationId)).toMatchObject({ state: 'not_required' })
  })
  test('takes the wish for another way only where it offers one', async () => {
    bank.start.mockResolvedValue({ turn: 'challenge', challenge: code, state: null, otherWay: true })
    bank.answer.mockResolvedValue({ turn: 'challenge', challenge: code, state: null })
    const { screen } = await enter()
    const offered = open(await see(await post(screen, signIn)))
    const without = open(await see(await post(offered, { action: 'other-way' })))
    expect(bank.answer).toHaveBeenCalledWith(expect.objectContaining({ answer: { kind: 'other-way' } }), expect.anything())
    await post(without, { action: 'other-way' })
    expect(bank.answer).toHaveBeenCalledTimes(1)
  })
})

describe('a picture of the bank’s', () => {
  const look = async ({ handle }: Open) => (await services.showStep(handle, { poll: true })).screen
  const shown = async () => {
    bank.start.mockResolvedValue(pictureTurn())
    return open(await see(await post((await enter()).screen, signIn)))
  }
  const again = { ...pictureTurn({ alt: 'another picture' }), state: 2 } as const

  test('that ran out is replaced when the bank says so, and the new one says that it is new', async () => {
    bank.poll.mockResolvedValue({ ...again, notice: 'refreshed' })
    const screen = await shown()
    const replaced = open(await look(screen))
    expect(replaced).toMatchObject({ content: { challenge: { prompt: { picture: { alt: 'another picture' } } }, notice: 'refreshed', problems: [] } })
    expect(replaced.version).not.toBe(screen.version)
  })
  test('that ran out while the reply was on its way takes no reply for wrong: it says so and shows a new one', async () => {
    bank.answer.mockResolvedValue({ ...again, problem: 'expired' })
    expect(await see(await post(await shown(), { reply: '123456' }))).toMatchObject({
      content: { challenge: { prompt: { picture: { alt: 'another picture' } } }, problems: [{ field: 'reply', message: { key: 'picture-code.expired' } }] },
    })
  })
  test('that was replaced in between takes no reply any more: the bank is not asked, and the person sees the new one', async () => {
    bank.poll.mockResolvedValue({ ...again, notice: 'refreshed' })
    const screen = await shown()
    const replaced = await look(screen)
    expect(await see(await post(screen, { reply: '123456' }))).toEqual(replaced)
    expect(bank.answer).not.toHaveBeenCalled()
  })
  test('is replaced when the person asks for it, and a reply is no longer needed', async () => {
    bank.answer.mockResolvedValue({ ...again, notice: 'refreshed' })
    expect(await see(await post(await shown(), { action: 'refresh' }))).toMatchObject({ content: { notice: 'refreshed' } })
    expect(bank.answer).toHaveBeenCalledWith(expect.objectContaining({ answer: { kind: 'picture-code', value: { refresh: true } } }), expect.anything())
  })
  test('is kept with a sound that is as large as one may be', async () => {
    const large = randomSound()
    bank.start.mockResolvedValue(pictureTurn({}, { sound: { mediaType: 'audio/mpeg', base64: large } }))
    const { screen } = await enter()
    expect(await see(await post(screen, signIn))).toMatchObject({ content: { challenge: { prompt: { sound: { base64: large } } } } })
  })
})

describe('a page of the bank’s own', () => {
  const sent = async (opens: 'frame' | 'window') => {
    bank.start.mockResolvedValue({ turn: 'challenge', challenge: ownPage(opens), state: null })
    const { authorisationId, screen } = await enter()
    const there = open(await see(await post(screen, signIn)))
    const back = bank.start.mock.lastCall?.[0].returnAddress ?? ''
    return { authorisationId, there, query: new URL(back).search.slice(1) }
  }
  test('leads back to one address whose state shows the handle to nobody, and what it brings answers the step, once', async () => {
    bank.answer.mockResolvedValue(authorised)
    const { there, query } = await sent('frame')
    expect(query).not.toContain(there.handle)
    const back = () => services.returnFromBank(`${query}&code=a%20b`)
    expect(await Promise.all([back(), back(), back()])).toEqual(Array.from({ length: 3 }, () => ({ returned: 'here', handle: there.handle })))
    expect(bank.answer).toHaveBeenCalledTimes(1)
    expect(bank.answer).toHaveBeenCalledWith(expect.objectContaining({ answer: { kind: 'redirect', value: { query: 'code=a+b' } } }), expect.anything())
    expect((await services.showStep(there.handle)).screen).toMatchObject({ result: 'authorised' })
  })
  test('in a window of its own ends there, and the window that was left goes on', async () => {
    bank.answer.mockResolvedValue(authorised)
    const { there, query } = await sent('window')
    expect(await services.returnFromBank(query)).toEqual({ returned: 'other-window', locale: 'en-GB' })
    expect((await services.showStep(there.handle, { poll: true })).screen).toMatchObject({ result: 'authorised' })
  })
  test.each(['', 'state=', 'state=garbage', `state=${'A'.repeat(5000)}`, 'code=1'])('takes nobody back with %j', async (query) => {
    expect(await services.returnFromBank(query)).toEqual({ returned: 'gone' })
  })
  test('that comes back when something else is asked answers nothing', async () => {
    bank.answer.mockResolvedValue({ turn: 'challenge', challenge: code, state: null })
    const { there, query } = await sent('frame')
    await services.returnFromBank(query)
    expect(await services.returnFromBank(query)).toEqual({ returned: 'here', handle: there.handle })
    expect(bank.answer).toHaveBeenCalledTimes(1)
  })
})

describe('a person who does not wait for the bank', () => {
  test('may leave; what it says is taken all the same, and told to Sage', async () => {
    let answer: (turn: Turn) => void = () => undefined
    bank.start.mockReturnValue(new Promise((resolve) => (answer = resolve)))
    const { authorisationId, screen } = await enter()
    const working = open(await see(await post(screen, signIn)))
    expect(await see(await post(working, { action: 'leave' }))).toMatchObject({ screen: 'left', returnTo: expect.stringContaining('state=') })
    answer(authorised)
    await services.settled()
    await vi.waitFor(async () => expect(await patchesOf(authorisationId)).toHaveLength(1), { timeout: 10_000 })
  })
})

describe('a lock of the bank’s', () => {
  test('says when it ends, by the database’s clock', async () => {
    bank.start.mockResolvedValue({ turn: 'refused', reason: 'locked', retryAfterSeconds: 1800 })
    const { screen } = await enter()
    const last = await see(await post(screen, signIn))
    if (last.screen !== 'finished') throw new Error(last.screen)
    expect(last.retrySeconds).toBeGreaterThan(1700)
    expect(last.retrySeconds).toBeLessThanOrEqual(1800)
  })
})

describe('a bank that never has enough', () => {
  test('is not followed for ever', async () => {
    bank.start.mockResolvedValue({ turn: 'challenge', challenge: code, state: null })
    bank.answer.mockResolvedValue({ turn: 'challenge', challenge: code, state: null, problem: 'wrong' })
    const { screen } = await enter()
    let now = await see(await post(screen, signIn))
    for (let round = 0; round < 100 && now.screen === 'challenge'; round++) now = await see(await post(now, { code: '000000' }))
    expect(now).toMatchObject({ screen: 'finished', result: 'failed', reason: 'too-many-steps' })
    expect(bank.answer.mock.calls.length).toBeLessThan(70)
  })
})

describe('time that is over', () => {
  const expire = (authorisationId: string) =>
    real.db.rows(z.unknown(), sql`WITH a AS (UPDATE authorisations SET notified_at = now() - interval '2 hours', expires_at = now() - interval '1 second' WHERE id = ${authorisationId}::uuid)
      UPDATE sessions SET expires_at = now() - interval '1 second' WHERE authorisation_id = ${authorisationId}::uuid RETURNING 1`)
  test('ends the journey, with the way back, and takes no answer', async () => {
    bank.start.mockResolvedValue({ turn: 'challenge', challenge: code, state: null })
    const { authorisationId, screen } = await enter()
    const second = open(await see(await post(screen, signIn)))
    await expire(authorisationId)
    expect(await see(await post(second, { code: '123456', action: 'continue' }))).toMatchObject({ screen: 'finished', result: 'expired', returnTo: expect.stringContaining('state=') })
    expect(bank.answer).not.toHaveBeenCalled()
  })
  test('closes an entry that was not started', async () => {
    const { authorisationId, screen } = await enter()
    await expire(authorisationId)
    expect(await post(screen, signIn)).toEqual({ posted: 'gone' })
    expect((await services.showStep(screen.handle)).screen).toEqual({ screen: 'gone' })
  })
})

describe('what is stored', () => {
  test('holds no password, no code and no raw handle', async () => {
    bank.start.mockResolvedValue({ turn: 'challenge', challenge: code, state: null })
    bank.answer.mockResolvedValue({ turn: 'challenge', challenge: code, state: null, problem: 'wrong' })
    const { screen } = await enter()
    const second = open(await see(await post(screen, signIn)))
    await post(second, { code: '987654', action: 'continue' })
    const tables = ['notifications', 'authorisations', 'sessions', 'outcomes', 'attempts']
    for (const table of tables) {
      const dump = JSON.stringify(await real.db.prisma.$queryRawUnsafe(`SELECT t::text FROM ${table} t`))
      for (const secret of ['secret-word', '987654', '123456', second.handle, screen.handle, 'ada"']) expect(dump).not.toContain(secret)
    }
  })
})
