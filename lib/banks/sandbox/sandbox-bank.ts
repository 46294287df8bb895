import { z } from 'zod'
import type { Challenge } from '../../challenges/index.ts'
import type { Clock } from '../../platform/clock.ts'
import { RemoteFault } from '../../platform/http.ts'
import type { BankAdapter, turnSchema } from '../bank-adapter.ts'
import { sandboxAnswers, sandboxCode, sandboxPassword, scenarios, type Check, type Scenario } from './scenarios.ts'

const stateSchema = z.strictObject({ username: z.string(), passed: z.int() })
type Turn = z.input<typeof turnSchema>

const credentials: Challenge = { kind: 'credentials', prompt: {} }
const car = { id: 'car', text: 'What colour was your first car?' }
const challenges: Record<Check, Challenge> = {
  sms: { kind: 'one-time-code', prompt: { channel: 'sms', destination: '•••• 123', length: 6 } },
  car: { kind: 'security-questions', prompt: { questions: [car] } },
  'car-and-pet': { kind: 'security-questions', prompt: { questions: [car, { id: 'pet', text: 'What was the name of your first pet?' }] } },
}

/** "Northwind Bank": a bank without a back end, for demo and tests. Every answer follows from the user name (contract.md). */
export function createSandboxBank({ clock }: { clock: Clock }): BankAdapter {
  return {
    describe: () => ({ name: 'Northwind Bank', firstChallenge: credentials }),

    async start({ externalId, answer }, { signal }) {
      if (answer.kind !== 'credentials') throw new TypeError('the sandbox asks for credentials first')
      const { password } = answer.value
      // Phones put a space after a name they complete.
      const username = answer.value.username.trim()
      const scenario = Object.hasOwn(scenarios, username) ? scenarios[username] : undefined
      if (!scenario || password !== sandboxPassword) return { turn: 'challenge', challenge: credentials, problem: 'wrong' }
      if (scenario.fault) return goWrong(scenario.fault)
      if (scenario.delayMs) await clock.sleep(scenario.delayMs, signal)
      if (scenario.refusal) return { turn: 'refused', reason: scenario.refusal }
      return nextTurn(scenario, { username, passed: 0 }, externalId)
    },

    async answer({ externalId, challenge, state, answer }, call) {
      // A wrong password is asked for again as the first challenge; nothing is remembered of the first try.
      if (challenge.kind === 'credentials') return this.start({ bankId: null, externalId, answer }, call)
      const { username, passed } = stateSchema.parse(state)
      const scenario = scenarios[username]
      if (!scenario) throw new TypeError('the state names no scenario')
      if (answer.kind === 'one-time-code' && 'sendAgain' in answer.value) {
        return { turn: 'challenge', challenge, state, notice: 'sent-again' }
      }
      if (!isRight(answer)) return { turn: 'challenge', challenge, state, problem: 'wrong' }
      return nextTurn(scenario, { username, passed: passed + 1 }, externalId)
    },
  }
}

function nextTurn(scenario: Scenario, state: z.output<typeof stateSchema>, externalId: string): Turn {
  const check = scenario.checks[state.passed]
  if (check) return { turn: 'challenge', challenge: challenges[check], state }
  return { turn: 'authorised', accounts: scenario.otherAccounts ? [{ externalId: 'another-account' }] : [{ externalId: 'savings' }, { externalId }] }
}

function goWrong(fault: NonNullable<Scenario['fault']>): Turn {
  if (fault === 'away') throw new RemoteFault('bank-away', { retryable: true })
  if (fault === 'broken') throw new Error('the sandbox bank is broken on purpose')
  // What no type allows and a bank may do all the same.
  return { turn: 'challenge', challenge: { kind: 'riddle', prompt: {} } as unknown as Challenge }
}

function isRight(answer: Parameters<BankAdapter['answer']>[0]['answer']): boolean {
  switch (answer.kind) {
    case 'one-time-code':
      return 'code' in answer.value && answer.value.code === sandboxCode
    case 'security-questions':
      return answer.value.answers.every(({ id, text }) => text.trim().toLowerCase() === sandboxAnswers[id])
    case 'credentials':
      return false
  }
}
