import { expect, test, vi } from 'vitest'
import type { SessionStatus } from '../authorisations/session.ts'
import type { SessionStore } from '../authorisations/session-store.ts'
import type { BankAdapter } from '../banks/bank-adapter.ts'
import { systemClock } from '../platform/clock.ts'
import { DatabaseAway } from '../platform/db.ts'
import type { Log } from '../platform/log.ts'
import { createPollBank } from './poll-bank.ts'
import type { OpenSession, SessionSteps } from './session-steps.ts'
import { firstStatus } from './transition.ts'

const silent: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }

test('what a bank says to a poll is kept while the database is away, since it may not say it twice', async () => {
  const poll = vi.fn<NonNullable<BankAdapter['poll']>>().mockResolvedValue({ turn: 'authorised', accounts: [{ externalId: 'account' }] })
  const stored: SessionStatus[] = []
  let away = 2
  const move: SessionSteps['move'] = async (_session, _from, to) => {
    if (away-- > 0) throw new DatabaseAway(new Error('gone'))
    return stored.push(to) > 0
  }
  const deliver = { soon: vi.fn(), take: vi.fn(), send: vi.fn(), stop: vi.fn() }
  const pollBank = createPollBank({
    bank: { poll } as unknown as BankAdapter,
    sessions: { claimPoll: async () => true } as unknown as SessionStore,
    steps: { move } as SessionSteps,
    deliver,
    requestFor: async () => ({ bankId: null, externalId: 'account', locale: 'en-GB', returnAddress: 'https://connector.example/' }),
    clock: { ...systemClock, sleep: () => Promise.resolve() },
    log: silent,
  })
  const status = firstStatus({ name: 'Test Bank', firstChallenge: { kind: 'approval', prompt: { status: 'waiting', pollSeconds: 1 } } })
  await pollBank({ handle: 'h', status, record: { id: 'i', authorisation_id: 'a', external_id: 'account' } as OpenSession['record'] })
  await pollBank.settled()
  expect(poll).toHaveBeenCalledTimes(1)
  expect(stored).toMatchObject([{ state: 'finished', result: 'authorised' }])
  expect(deliver.soon).toHaveBeenCalledWith('a')
})
