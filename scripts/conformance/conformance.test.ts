import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { afterAll, describe, expect, test } from 'vitest'
import { createReferenceBank } from '../../examples/bank-api/reference-bank.mjs'
import { clientKey, listenTo, settingsOf, startReferenceBank } from '../../lib/banks/http/reference-bank.fixture.ts'
import { bankApiConformance, conformance, report, UsageError } from './conformance.ts'
import { type People, peopleOfTheReferenceBank } from './people.ts'

const closing: (() => void)[] = []
afterAll(() => closing.forEach((close) => close()))
// Its refusals and its slow person are tried once, with the good bank.
const few: People = { ...peopleOfTheReferenceBank, more: { 'one code': peopleOfTheReferenceBank.more['one code'] ?? [] }, refused: {}, slow: undefined }

const problemsOf = (outcomes: Awaited<ReturnType<typeof conformance>>) => outcomes.flatMap(({ group, name, problem }) => (problem === undefined ? [] : [`${group}: ${name}: ${problem}`]))

test('the reference bank meets all of some hundred cases', async () => {
  const bank = await startReferenceBank()
  closing.push(bank.close)
  const outcomes = await bankApiConformance(settingsOf(bank.url), peopleOfTheReferenceBank)
  expect(problemsOf(outcomes)).toEqual([])
  expect(outcomes.length).toBeGreaterThan(400)
  expect(report(outcomes)).toContain(`${outcomes.length} cases, all of them met.`)
}, 300_000)

test('so does the sandbox, as an adapter', async () => {
  expect(problemsOf(await conformance({ adapter: 'sandbox' }))).toEqual([])
}, 300_000)

describe('a bank is found out that', () => {
  /** The reference bank with something wrong in it: `change` sees each answer of an operation and what was asked. */
  async function brokenBank(groups: readonly string[], change: (turn: Record<string, unknown>, asked: Record<string, unknown>) => unknown, { listener = (real) => real, people = few }: { listener?: (real: RequestListener) => RequestListener; people?: People } = {}) {
    const real = createReferenceBank({ clientKey }) as RequestListener
    const spoiled: RequestListener = (request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      const { end } = response
      const spoil = (body: unknown) => {
        const asked = parsed(Buffer.concat(chunks).toString())
        const turn = request.url?.startsWith('/v1/') && response.statusCode === 200 ? parsed(String(body)) : undefined
        return Reflect.apply(end, response, [turn && asked && 'turn' in turn ? JSON.stringify(change(turn, asked)) : body]) as ServerResponse
      }
      Object.assign(response, { end: spoil })
      real(request as IncomingMessage, response as never)
    }
    const bank = await listenTo(listener(spoiled))
    closing.push(bank.close)
    return problemsOf(await bankApiConformance(settingsOf(bank.url), people, { groups }))
  }
  const parsed = (text: string): Record<string, unknown> | undefined => {
    try {
      return JSON.parse(text) as Record<string, unknown>
    } catch {
      return undefined
    }
  }

  test('copies the account it was asked about', async () => {
    const problems = await brokenBank(['other people’s accounts'], (turn, { externalId }) => (turn['turn'] === 'authorised' ? { ...turn, accounts: [{ externalId }] } : turn))
    expect(problems.join('\n')).toContain('other people’s accounts: whoever does not have the account is not shown it: it is shown')
    expect(problems.join('\n')).toContain('externalId of the request is among the accounts')
  })
  test('remembers passwords in its state', async () => {
    const problems = await brokenBank(['secrets'], (turn, { answer }) => (turn['turn'] === 'challenge' ? { ...turn, state: { ...(turn['state'] as object), last: answer } } : turn))
    expect(problems.some((problem) => problem.startsWith('secrets: '))).toBe(true)
  })
  test('works on every repeat again', async () => {
    const problems = await brokenBank(
      ['repeats'],
      (turn) => turn,
      {
        listener: (real) => (request, response) => {
          request.headers['idempotency-key'] = `"${Math.random()}"`
          real(request, response)
        },
      },
    )
    expect(problems).toContainEqual(expect.stringContaining('repeats: the same key again gets the same answer: '))
  })
  test('lets everybody in', async () => {
    const bank = await listenTo(createReferenceBank({}) as RequestListener)
    closing.push(bank.close)
    const problems = problemsOf(await bankApiConformance(settingsOf(bank.url, { auth: { method: 'mutual-tls' } }), few, { groups: ['authentication'] }))
    expect(problems).toContainEqual('authentication: start, with no token: answers 200, not 401')
  })
  test('answers what no bank may', async () => {
    const problems = await brokenBank(['answers', 'journeys'], (turn) => (turn['turn'] === 'authorised' ? { ...turn, owner: 'Ada Lovelace' } : turn))
    expect(problems.some((problem) => problem.startsWith('journeys: '))).toBe(true)
    expect(problems).toContain('answers: one code: each is as described: the answer to answer 1 is not as described at its root (unrecognized keys)')
    expect(problems.join('\n')).not.toContain('Lovelace')
  })
  test('is wrong, and not one that locks whoever guesses for the third time', async () => {
    const guesses = new Map<unknown, number>()
    const lock = (turn: Record<string, unknown>, asked: Record<string, unknown>) => {
      const name = (asked['answer'] as { value?: { username?: unknown } } | undefined)?.value?.username
      guesses.set(name, (guesses.get(name) ?? 0) + (turn['problem'] === 'wrong' ? 1 : 0))
      return name !== undefined && (guesses.get(name) ?? 0) > 2 ? { turn: 'refused', reason: 'locked' } : turn
    }
    const people = { ...few, wrong: { kind: 'credentials' as const, value: { username: 'carol', password: 'not the password' } } }
    expect(await brokenBank(['journeys', 'wrong answers', 'hostile text', 'duplicates', 'repeats', 'answers'], lock, { people })).toEqual([])
    expect(guesses.get('carol')).toBeGreaterThan(2)
  })
})

test('what cannot be run is said with all that is wrong', async () => {
  await expect(conformance({ adapter: 'none' })).rejects.toBeInstanceOf(UsageError)
  await expect(conformance({ bankApi: 'https://bank.example/v1' })).rejects.toThrow('auth: ')
  await expect(conformance({ adapter: 'sandbox', peopleFile: '/nowhere' })).rejects.toThrow('/nowhere: cannot be read, ENOENT')
  await expect(conformance({ adapter: 'http' })).rejects.toBeInstanceOf(UsageError)
  const nobody = await listenTo(() => undefined)
  nobody.close()
  await expect(bankApiConformance(settingsOf(nobody.url), few)).rejects.toThrow('cannot be asked, token-network')
})
