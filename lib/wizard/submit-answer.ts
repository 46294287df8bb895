import { accountKeys } from '../authorisations/account-keys.ts'
import type { RunningStatus } from '../authorisations/session.ts'
import type { SessionStore } from '../authorisations/session-store.ts'
import type { Banks } from '../banks/bank-adapter.ts'
import type { Entries } from '../challenges/challenge.ts'
import { readAnswer } from '../challenges/index.ts'
import type { DeliverOutcome } from '../outcomes/deliver-outcome.ts'
import { type Clock, startWatch } from '../platform/clock.ts'
import type { Seals } from '../platform/seal.ts'
import type { AskBank } from './ask-bank.ts'
import type { RequestFor } from './bank-request.ts'
import type { CancelAtBank } from './cancel-at-bank.ts'
import { stepOfToken } from './form-token.ts'
import type { PollBank } from './poll-bank.ts'
import type { ChangeLanguage } from './change-language.ts'
import { type MovedSession, movedSession, type OpenSession, type SessionSteps } from './session-steps.ts'
import type { Posted } from './start.ts'
import { transition, type WizardEvent } from './transition.ts'

export interface SubmitAnswer {
  /** A posted form. @throws DatabaseAway */
  (handle: string, entries: Entries): Promise<Posted>
  /** An answer to the step that is open, from wherever it came; claimed once like a posted one. @throws DatabaseAway */
  step(open: OpenSession, entries: Entries): Promise<void>
}

/**
 * A post to a running session: an answer, or one of the buttons beside it. The step is claimed by compare-and-set before the bank hears of the answer, so a double click, a second tab or a
 * retry never makes a second bank call; all of them are sent to the current screen.
 */
export function createSubmitAnswer(parts: {
  sessions: SessionStore
  steps: SessionSteps
  bank: Banks
  askBank: AskBank
  deliver: DeliverOutcome
  seals: Seals
  pollBank: PollBank
  changeLanguage: ChangeLanguage
  cancelAtBank: CancelAtBank
  requestFor: RequestFor
  clock: Clock
}): SubmitAnswer {
  const { sessions, steps, bank, askBank, deliver, seals, pollBank, changeLanguage, cancelAtBank, requestFor, clock } = parts

  const end = async (session: MovedSession, status: RunningStatus, event: WizardEvent) => {
    const ended = transition(status, event)
    if (!ended || !(await steps.move(session, status, ended))) return false
    await deliver.soon(session.authorisationId)
    return true
  }

  const answer = async (open: OpenSession, entries: Entries) => {
    const { status } = open
    if (status.state !== 'awaiting_user') return
    const session = movedSession(open)
    const read = readAnswer(status.content.challenge, entries, status.content)
    const next = transition(status, 'problems' in read ? { event: 'misfilled', entries, problems: read.problems } : { event: 'answered', entries })
    const sinceClaimMs = startWatch(clock)
    if (!next) return
    if (!('answer' in read) || next.state !== 'awaiting_bank') return void (await steps.move(session, status, next))
    const { bank_id: bankId, external_id: externalId } = open.record
    const counted = await steps.answer(session, status, next, accountKeys(seals, { bankId, externalId, person: bank.person?.(read.answer, bankId, status.content.adapterState) }))
    if (counted.counted === 'limited') return void (await end(session, status, { event: 'limit-reached', retrySeconds: counted.retrySeconds }))
    if (counted.counted === 'yes') await askBank({ ...session, request: await requestFor(open), status: next, answer: read.answer, limit: counted, sinceClaimMs })
  }

  const submit = async (handle: string, entries: Entries): Promise<Posted> => {
    const session = await steps.open(handle)
    if (!session) return { posted: 'gone' }
    const answeredStep = stepOfToken(seals, handle, entries.form_token ?? '')
    if (answeredStep === undefined) return { posted: 'foreign-form' }
    const { record, status } = session

    if (entries.action === 'language') {
      await changeLanguage(session, entries, { keep: answeredStep === status.step })
    } else if (entries.action === 'leave') {
      if (status.state !== 'awaiting_user') await sessions.leave(record.id)
    } else if (status.state === 'finished') {
      // Nothing is left to be answered.
    } else if (entries.action === 'check') {
      await pollBank(session)
    } else if (entries.action === 'cancel') {
      if (await end(movedSession(session), status, { event: 'cancelled' })) cancelAtBank(session)
    } else if (answeredStep === status.step) {
      await answer(session, entries)
    }
    return { posted: 'see', handle, ...(entries.action === 'check' ? { checked: true } : {}) }
  }

  return Object.assign(submit, { step: answer })
}
