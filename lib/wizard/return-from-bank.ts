import type { Seals } from '../platform/seal.ts'
import { handleOfReturn } from './bank-request.ts'
import type { SessionSteps } from './session-steps.ts'
import type { SubmitAnswer } from './submit-answer.ts'

/** Where somebody who came back from a page of the bank's own is to go: to their screen, or nowhere, since it waits for them in the window they left. */
export type Returned = { returned: 'here'; handle: string } | { returned: 'other-window'; locale: string } | { returned: 'gone' }

const longestQuery = 4096

/**
 * Takes what a bank's page sends back as the answer to the pending `redirect` challenge. A repeat (reload, Back) finds the step answered and leads to the current screen.
 * @param query the raw query of the return address.
 */
export function createReturnFromBank({ steps, submitAnswer, seals }: { steps: SessionSteps; submitAnswer: SubmitAnswer; seals: Seals }): (query: string) => Promise<Returned> {
  return async (query) => {
    if (query.length > longestQuery) return { returned: 'gone' }
    const parameters = new URLSearchParams(query)
    const handle = await handleOfReturn(seals, parameters.get('state') ?? '')
    const session = handle === undefined ? undefined : await steps.open(handle)
    if (handle === undefined || !session) return { returned: 'gone' }
    const { status, record } = session
    if (status.state !== 'awaiting_user' || status.content.challenge.kind !== 'redirect') return { returned: 'here', handle }
    parameters.delete('state')
    await submitAnswer.step(session, { 'bank-query': parameters.toString() })
    return status.content.challenge.prompt.opens === 'window' ? { returned: 'other-window', locale: record.locale } : { returned: 'here', handle }
  }
}
