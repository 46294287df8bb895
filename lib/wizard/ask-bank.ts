import type { RunningStatus, SessionStatus } from '../authorisations/session.ts'
import { bankDeadlineSeconds } from '../authorisations/session-store.ts'
import { type BankAdapter, turnSchema } from '../banks/bank-adapter.ts'
import { type Answer, challengeKinds } from '../challenges/index.ts'
import type { DeliverOutcome } from '../outcomes/deliver-outcome.ts'
import type { Clock } from '../platform/clock.ts'
import { isDatabaseAway } from '../platform/db.ts'
import { RemoteFault } from '../platform/http.ts'
import { errorFields, type Log } from '../platform/log.ts'
import type { SessionSteps } from './session-steps.ts'
import { transition, type WizardEvent } from './transition.ts'

/** How long a bank may take over one answer; shorter than the deadline of the claimed step, so that its answer is still in time to be stored. */
const bankTimeMs = 30_000
/** How long a request waits for the bank before the person sees the screen that waits (design decision 10). */
const patienceMs = 2000
/** How long to wait before a turn is stored again when the database was away, in milliseconds. */
const storeAgainMs = 500

export interface Asked {
  handle: string
  sessionId: string
  authorisationId: string
  bankId: string | null
  externalId: string
  status: Extract<RunningStatus, { state: 'awaiting_bank' }>
  answer: Answer
}

export interface AskBank {
  /**
   * Takes a claimed answer to the bank, stores what it says and, after a success, tells Sage. Resolves when that is done or after 2 s, whichever is first; the rest goes on
   * without the request. Called once per claimed step: the claim is what makes it once.
   */
  (asked: Asked): Promise<void>
  /** Waits for everything that still goes on. */
  settled(): Promise<void>
}

export function createAskBank(parts: { bank: BankAdapter; steps: SessionSteps; deliver: DeliverOutcome; clock: Clock; log: Log }): AskBank {
  const { bank, steps, deliver, clock, log } = parts
  const underWay = new Set<Promise<void>>()

  const call = (asked: Asked): Promise<WizardEvent> => clock.within(bankTimeMs, (signal) => callWithin(asked, signal))

  const callWithin = async ({ status, bankId, externalId, answer, authorisationId }: Asked, signal: AbortSignal): Promise<WizardEvent> => {
    const { content } = status
    const timeOver = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(new RemoteFault('bank-timeout', { retryable: true })), { once: true })
    })
    // In a function of its own, so that an adapter that throws at once is caught like one that rejects.
    const asking = async () =>
      content.started ? bank.answer({ ...request, challenge: content.challenge, state: content.adapterState }, { signal }) : bank.start(request, { signal })
    const request = { bankId, externalId, answer }
    try {
      const turn = await Promise.race([asking(), timeOver])
      if (asksForUnknown(turn)) return { event: 'bank-failed', reason: 'unknown-challenge' }
      return { event: 'bank-turned', turn: turnSchema.parse(turn), externalId }
    } catch (error) {
      if (error instanceof RemoteFault) {
        log.warn('bank away', { authorisationId, reason: error.code })
        return { event: 'bank-away' }
      }
      log.error('bank adapter failed', { authorisationId, ...errorFields(error) })
      return { event: 'bank-failed', reason: 'unexpected' }
    }
  }

  // The bank will not say it twice (a code is used up), so it is kept until the step's deadline while the database is away. Trying again is safe: a compare-and-set that was done
  // finds nothing to do.
  const store = async (asked: Asked, next: SessionStatus): Promise<boolean> => {
    const giveUpAt = clock.monotonicMs() + bankDeadlineSeconds * 1000
    for (;;) {
      try {
        return await steps.move({ ...asked, id: asked.sessionId }, asked.status, next)
      } catch (error) {
        if (!isDatabaseAway(error) || clock.monotonicMs() > giveUpAt) throw error
        await clock.sleep(storeAgainMs)
      }
    }
  }

  const work = async (asked: Asked) => {
    const event = await call(asked)
    const next = transition(asked.status, event)
    if (!next) return
    if ((await store(asked, next)) && next.state === 'finished') await deliver.soon(asked.authorisationId)
  }

  const askBank = async (asked: Asked) => {
    const working: Promise<void> = work(asked)
      // The step passes its deadline and comes back; an outcome already stored is delivered by the loop.
      .catch((error: unknown) => log.error('bank turn not stored', { authorisationId: asked.authorisationId, ...errorFields(error) }))
      .finally(() => underWay.delete(working))
    underWay.add(working)
    await clock.atMost(patienceMs, working)
  }

  return Object.assign(askBank, {
    async settled() {
      await Promise.all(underWay)
    },
  })
}

function asksForUnknown(turn: unknown): boolean {
  const kind = (turn as { challenge?: { kind?: unknown } } | null)?.challenge?.kind
  return typeof kind === 'string' && !challengeKinds.some((known) => known.kind === kind)
}
