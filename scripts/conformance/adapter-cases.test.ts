import { expect, test } from 'vitest'
import type { BankAdapter } from '../../lib/banks/bank-adapter.ts'
import { adapterCases } from './adapter-cases.ts'
import { runCases } from './case.ts'
import { peopleOfTheSandbox } from './people.ts'

test('the first challenge that is judged is what the bank says, and not what its adapter guesses before', async () => {
  let firstChallenge: unknown = { kind: 'credentials', prompt: {} }
  const adapter: BankAdapter = {
    describe: () => ({ name: 'Bank', firstChallenge: firstChallenge as never }),
    prepare: async () => void (firstChallenge = { kind: 'riddle', prompt: {} }),
    start: async () => ({ turn: 'refused', reason: 'denied' }),
    answer: async () => ({ turn: 'refused', reason: 'denied' }),
  }
  const cases = adapterCases(() => adapter, peopleOfTheSandbox, { publicUrl: 'https://connector.example', wait: async () => undefined }).filter(({ name }) => name === 'the first challenge can be shown')
  expect(await runCases(cases)).toMatchObject([{ problem: expect.any(String) }])
})
