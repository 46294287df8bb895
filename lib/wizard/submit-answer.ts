import type { SessionStore } from '../authorisations/session-store.ts'
import type { Entries } from '../challenges/challenge.ts'
import { readAnswer } from '../challenges/index.ts'
import type { DeliverOutcome } from '../outcomes/deliver-outcome.ts'
import type { Seals } from '../platform/seal.ts'
import type { AskBank } from './ask-bank.ts'
import { stepOfToken } from './form-token.ts'
import { movedSession, type OpenSession, type SessionSteps } from './session-steps.ts'
import type { Posted } from './start.ts'
import { transition } from './transition.ts'

/**
 * A post to a running session: an answer, or one of the buttons beside it. The step is claimed by compare-and-set before the bank hears of the answer, so a double click, a second tab or a
 * retry never makes a second bank call; all of them are sent to the current screen.
 */
export function createSubmitAnswer(parts: {
  sessions: SessionStore
  steps: SessionSteps
  askBank: AskBank
  deliver: DeliverOutcome
  seals: Seals
}): (handle: string, entries: Entries) => Promise<Posted> {
  const { sessions, steps, askBank, deliver, seals } = parts

  const answer = async (open: OpenSession, entries: Entries) => {
    const { record, status } = open
    if (status.state !== 'awaiting_user') return
    const session = movedSession(open)
    const read = readAnswer(status.content.challenge, entries)
    const next = transition(status, 'problems' in read ? { event: 'misfilled', entries, problems: read.problems } : { event: 'answered', entries })
    if (!next || !(await steps.move(session, status, next)) || !('answer' in read) || next.state !== 'awaiting_bank') return
    await askBank({ ...session, sessionId: record.id, bankId: record.bank_id, status: next, answer: read.answer })
  }

  return async (handle, entries) => {
    const session = await steps.open(handle)
    if (!session) return { posted: 'gone' }
    const answeredStep = stepOfToken(seals, handle, entries.form_token ?? '')
    if (answeredStep === undefined) return { posted: 'foreign-form' }
    const { record, status } = session

    if (status.state === 'finished') {
      if (entries.action === 'leave') await sessions.leave(record.id)
    } else if (entries.action === 'cancel') {
      const cancelled = transition(status, { event: 'cancelled' })
      const ended = cancelled && (await steps.move(movedSession(session), status, cancelled))
      if (ended) await deliver.soon(record.authorisation_id)
    } else if (entries.action !== 'check' && answeredStep === status.step) {
      await answer(session, entries)
    }
    return { posted: 'see', handle }
  }
}
