import { describe, expect, test } from 'vitest'
import type { Answer } from '../../challenges/index.ts'
import { systemClock } from '../../platform/clock.ts'
import { RemoteFault } from '../../platform/http.ts'
import { testBankAdapter } from '../adapter-contract.ts'
import { createSandboxBank } from './sandbox-bank.ts'
import { sandboxPassword, scenarios } from './scenarios.ts'

const adapter = createSandboxBank({ clock: systemClock, publicUrl: 'http://localhost:3000' })
const signIn = (username: string, password = sandboxPassword): Answer => ({ kind: 'credentials', value: { username, password } })
const call = { signal: new AbortController().signal }
const base = { bankId: null, externalId: 'account', locale: 'en-GB', returnAddress: 'https://connector.example/authrefresh/return?state=x' }

testBankAdapter('the sandbox bank', {
  adapter,
  good: signIn('user_good'),
  wrong: signIn('user_good', 'not the password'),
  otherAccount: signIn('user_wrong_account'),
  slow: signIn('user_slow'),
})

async function afterSignIn(username: string) {
  const turn = await adapter.start({ ...base, answer: signIn(username) }, call)
  if (turn.turn !== 'challenge') throw new Error('no second step')
  return { challenge: turn.challenge, state: turn.state ?? null }
}

describe('the sandbox users', () => {
  test.each(['constructor', '__proto__', 'toString', 'nobody', ''])('does not know %j', async (username) => {
    expect(await adapter.start({ ...base, answer: signIn(username) }, call)).toMatchObject({ turn: 'challenge', problem: 'wrong' })
  })
  test.each(Object.entries(scenarios).flatMap(([username, { refusal }]) => (refusal ? [[username, refusal]] : [])))('%s is refused: %s', async (username, reason) => {
    expect(await adapter.start({ ...base, answer: signIn(username ?? '') }, call)).toMatchObject({ turn: 'refused', reason })
  })
  test('user_down meets a bank that is away', async () => {
    await expect(adapter.start({ ...base, answer: signIn('user_down') }, call)).rejects.toBeInstanceOf(RemoteFault)
  })
  test('user_broken meets a bug, which is no fault of a bank', async () => {
    await expect(adapter.start({ ...base, answer: signIn('user_broken') }, call)).rejects.not.toBeInstanceOf(RemoteFault)
  })
  test.each([[[['car', 'blue'], ['pet', 'rover']], 'authorised'], [[['car', 'blue'], ['pet', 'blue']], 'challenge']] as const)('user_questions answers %j: %s', async (given, turn) => {
    const answer: Answer = { kind: 'security-questions', value: { answers: given.map(([id, text]) => ({ id, text })) } }
    expect(await adapter.answer({ ...base, ...(await afterSignIn('user_questions')), answer }, call)).toMatchObject({ turn })
  })
  test('user_two_rounds goes through the code and the question', async () => {
    const code = await afterSignIn('user_two_rounds')
    expect(code.challenge.kind).toBe('one-time-code')
    const question = await adapter.answer({ ...base, ...code, answer: { kind: 'one-time-code', value: { code: '123456' } } }, call)
    if (question.turn !== 'challenge') throw new Error('no question')
    expect(question.challenge.kind).toBe('security-questions')
    const answer: Answer = { kind: 'security-questions', value: { answers: [{ id: 'car', text: ' Blue ' }] } }
    expect(await adapter.answer({ ...base, challenge: question.challenge, state: question.state ?? null, answer }, call)).toMatchObject({ turn: 'authorised' })
  })
  test.each([[{ 'customer-number': '48151623', pin: '2468' }, 'authorised'], [{ 'customer-number': '48151623', pin: '0000' }, 'challenge'], [{}, 'challenge']] as const)('user_fields gives %j: %s', async (value, turn) => {
    expect(await adapter.answer({ ...base, ...(await afterSignIn('user_fields')), answer: { kind: 'credentials', value } }, call)).toMatchObject({ turn })
  })
  test('a wrong code is asked for again, a new one is sent on demand', async () => {
    const code = await afterSignIn('user_sms')
    expect(await adapter.answer({ ...base, ...code, answer: { kind: 'one-time-code', value: { code: '000000' } } }, call)).toMatchObject({ turn: 'challenge', problem: 'wrong' })
    expect(await adapter.answer({ ...base, ...code, answer: { kind: 'one-time-code', value: { sendAgain: true } } }, call)).toMatchObject({ turn: 'challenge', notice: 'sent-again' })
  })
})
