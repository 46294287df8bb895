import type { RunningStatus, SessionStatus, StepContent } from '../authorisations/session.ts'
import type { Turn } from '../banks/bank-adapter.ts'
import { kindOf } from '../challenges/index.ts'
import type { Entries, FieldProblem } from '../challenges/challenge.ts'

/** Everything that can happen to a running session. */
export type WizardEvent =
  | { event: 'answered'; entries: Entries }
  | { event: 'misfilled'; entries: Entries; problems: FieldProblem[] }
  | { event: 'bank-turned'; turn: Turn; externalId: string }
  | { event: 'bank-away' }
  | { event: 'bank-overdue' }
  | { event: 'bank-failed'; reason: 'unexpected' | 'unknown-challenge' }
  | { event: 'cancelled' }
  | { event: 'time-over' }

/** The status before anything was answered: what the first screen shows. */
export function firstStatus(challenge: StepContent['challenge']): Extract<SessionStatus, { state: 'awaiting_user' }> {
  return {
    state: 'awaiting_user',
    step: 1,
    content: { challenge, adapterState: null, started: false, problems: [], pageProblem: null, notice: null, entries: {} },
  }
}

/**
 * Where an event leads, or undefined where it leads nowhere from this status. Pure: times are judged by the database before an event is raised,
 * and the result is stored by compare-and-set.
 */
export function transition(status: RunningStatus, event: WizardEvent): SessionStatus | undefined {
  const { step, content } = status
  if (event.event === 'cancelled') return { state: 'finished', step, result: 'cancelled', reason: null }
  if (event.event === 'time-over') return { state: 'finished', step, result: 'expired', reason: null }

  if (status.state === 'awaiting_user') {
    const entries = keptEntries(content, 'entries' in event ? event.entries : {})
    if (event.event === 'misfilled') return asked(step, { ...content, entries, problems: event.problems, pageProblem: null, notice: null })
    if (event.event === 'answered') return { state: 'awaiting_bank', step, content: { ...content, entries } }
    return undefined
  }

  switch (event.event) {
    case 'bank-away':
    case 'bank-overdue':
      return asked(step, { ...content, problems: [], pageProblem: 'bank-away', notice: null })
    case 'bank-failed':
      return { state: 'finished', step, result: 'failed', reason: event.reason }
    case 'bank-turned':
      return afterTurn(status, event.turn, event.externalId)
    default:
      return undefined
  }
}

const asked = (step: number, content: StepContent): SessionStatus => ({ state: 'awaiting_user', step: step + 1, content })

function afterTurn({ step, content }: RunningStatus, turn: Turn, externalId: string): SessionStatus {
  if (turn.turn === 'refused') return { state: 'finished', step, result: 'refused', reason: turn.reason }
  if (turn.turn === 'authorised') {
    // The bank must have shown the very account that Banking Service asks about (design decision 9).
    const confirmed = turn.accounts.some((account) => account.externalId === externalId)
    return { state: 'finished', step, ...(confirmed ? { result: 'authorised', reason: null } : { result: 'refused', reason: 'wrong-account' }) }
  }
  const { problems: words, values } = kindOf(turn.challenge)
  const problem = turn.problem && words[turn.problem]
  return asked(step, {
    challenge: turn.challenge,
    adapterState: turn.state,
    started: true,
    problems: problem ? [{ field: problem.field, message: { key: problem.key, values } }] : [],
    pageProblem: null,
    notice: turn.notice ?? null,
    entries: turn.challenge.kind === content.challenge.kind ? content.entries : {},
  })
}

/** What of the entries may be shown again: never a password or a code, and nothing longer than a field of ours takes. */
function keptEntries({ challenge }: StepContent, entries: Entries): Record<string, string> {
  const kept = kindOf(challenge).kept.flatMap((name): [string, string][] => {
    const value = entries[name]
    return value === undefined ? [] : [[name, value.slice(0, 200)]]
  })
  return Object.fromEntries(kept)
}
