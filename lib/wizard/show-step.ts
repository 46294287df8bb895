import type { BankAdapter } from '../banks/bank-adapter.ts'
import { returnAddress } from '../outcomes/redirect-url.ts'
import type { Seals } from '../platform/seal.ts'
import type { Enter } from './enter.ts'
import { stepFormToken } from './form-token.ts'
import type { Screen } from './screen.ts'
import type { OpenSession, SessionSteps } from './session-steps.ts'

export interface ShowStep {
  /** The screen that is due at a handle's address, and the language of its session if it has one. @throws DatabaseAway */
  (handle: string): Promise<{ screen: Screen; locale?: string }>
}

export function createShowStep(parts: { enter: Enter; steps: SessionSteps; bank: BankAdapter; seals: Seals }): ShowStep {
  const { enter, steps, bank, seals } = parts

  return async (handle) => {
    if (handle.includes('.')) return { screen: (await enter.fromHandle(handle)) ?? { screen: 'gone' } }
    const session = await steps.open(handle)
    if (!session) return { screen: { screen: 'gone' } }
    return { screen: screenOf(session, bank.describe(session.record.bank_id).name, seals), locale: session.record.locale }
  }
}

function screenOf({ handle, record, status }: OpenSession, bank: string, seals: Seals): Screen {
  const secondsLeft = record.seconds_left
  const onScreen = { bank, handle, formToken: stepFormToken(seals, handle, status.step), version: versionOf({ record, status }) }
  if (status.state === 'awaiting_user') return { ...onScreen, secondsLeft, screen: 'challenge', content: status.content }
  if (status.state === 'awaiting_bank') return { ...onScreen, secondsLeft, screen: 'working', content: status.content }
  if (record.delivery === 'pending' && !record.leaving) return { ...onScreen, screen: 'finishing', succeeded: status.result === 'authorised' }
  const { result, reason } = status
  return {
    screen: 'finished',
    bank,
    result,
    reason,
    told: told(record.delivery),
    // Judged at the entry, frozen at the claim, and sent back byte for byte.
    returnTo: returnAddress(record.redirect_uri, record.return_state),
    reference: record.authorisation_id,
    version: onScreen.version,
  }
}

function told(delivery: OpenSession['record']['delivery']): 'yes' | 'unsure' | 'never' {
  if (delivery === 'undeliverable') return 'never'
  return delivery === 'pending' || delivery === 'probably_applied' ? 'unsure' : 'yes'
}

/** What the status address answers: equal while the same screen is due. */
export function versionOf({ record, status }: Pick<OpenSession, 'record' | 'status'>): string {
  return [status.step, status.state, record.delivery === 'pending' ? 'pending' : 'settled', record.leaving ? 'leaving' : 'here'].join('.')
}
