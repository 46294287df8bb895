import { describe, expect, test, vi } from 'vitest'
import type { SessionStatus } from '../authorisations/session.ts'
import type { BankAdapter } from '../banks/bank-adapter.ts'
import { type Clock, startWatch, systemClock } from '../platform/clock.ts'
import { DatabaseAway } from '../platform/db.ts'
import type { Log } from '../platform/log.ts'
import { type Asked, createAskBank } from './ask-bank.ts'
import { firstStatus, transition } from './transition.ts'

const silent: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }
const first = firstStatus({ name: 'Test Bank', firstChallenge: { kind: 'credentials', prompt: {} } })
const status = transition(first, { event: 'answered', entries: { username: 'ada' } }) as Asked['status']

function asking({ clock = systemClock, away = 0 }: { clock?: Clock; away?: number } = {}) {
  const start = vi.fn<BankAdapter['start']>().mockResolvedValue({ turn: 'authorised', accounts: [{ externalId: 'account' }] })
  const bank = { describe: vi.fn(), start, answer: vi.fn() } as unknown as BankAdapter
  const stored: SessionStatus[] = []
  const steps = {
    keep: vi.fn(),
    open: vi.fn(),
    seal: vi.fn(),
    answer: vi.fn(),
    async move(_session: unknown, _from: unknown, to: SessionStatus) {
      if (away-- > 0) throw new DatabaseAway(new Error('gone'))
      stored.push(to)
      return true
    },
  }
  const deliver = { soon: vi.fn(), take: vi.fn(), send: vi.fn(), stop: vi.fn() }
  const ask = createAskBank({ bank, steps, deliver, clock, log: silent })
  const asked = {
    handle: 'h', id: 'i', authorisationId: 'a', externalId: 'account', status,
    request: { bankId: null, externalId: 'account' } as unknown as Asked['request'],
    limit: { triesLeft: 4, retrySeconds: 1800 },
    answer: { kind: 'credentials', value: { username: 'ada', password: 'x' } } as Asked['answer'],
  }
  return { ask: (sinceClaimMs = startWatch(clock)) => ask({ ...asked, sinceClaimMs }), start, stored, deliver }
}

describe('a claimed step', () => {
  test('is taken to the bank once, and what it says is stored and told', async () => {
    const { ask, start, stored, deliver } = asking()
    await ask()
    expect(start).toHaveBeenCalledTimes(1)
    expect(stored).toMatchObject([{ state: 'finished', result: 'authorised' }])
    expect(deliver.soon).toHaveBeenCalledWith('a')
  })
  test('is not taken to the bank by a process that was frozen since it claimed it: the step comes back', async () => {
    const { ask, start, stored } = asking()
    await ask(() => 5001)
    expect(start).not.toHaveBeenCalled()
    expect(stored).toMatchObject([{ state: 'awaiting_user', content: { pageProblem: 'bank-away' } }])
  })
  test('whose answer cannot be stored is stored when the database is back, without another call', async () => {
    const { ask, start, stored } = asking({ away: 2, clock: { ...systemClock, sleep: () => Promise.resolve() } })
    await ask()
    expect(start).toHaveBeenCalledTimes(1)
    expect(stored).toMatchObject([{ result: 'authorised' }])
  })
})
