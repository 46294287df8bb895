import type { AuthorisationsClient } from '../sage/authorisations-client.ts'
import type { Clock } from '../platform/clock.ts'
import { errorFields, type Log } from '../platform/log.ts'
import { retryDelayMs } from './backoff.ts'
import { type Delivery, leaseSeconds, type OutboxStore } from './outbox-store.ts'

/** How long one attempt may take, token and one repeat included; shorter than the lease, so that a delivery never has two owners at once. */
const attemptMs = 8000

/** How long a person waits for the inline attempt before they see the screen that waits, in milliseconds (design decision 10). */
const patienceMs = 2000

/** A delivery that is ours until `leaseEndsAt`, on the process's monotonic clock. */
export interface LeasedDelivery extends Delivery {
  leaseEndsAt: number
}

export interface DeliverOutcome {
  /** Takes the next due delivery, or that of one authorisation. @throws DatabaseAway */
  take(options: { authorisationId?: string }): Promise<LeasedDelivery | undefined>
  /** Sends one taken delivery when its turn has come, and records what it came to. */
  send(delivery: LeasedDelivery): Promise<void>
  /**
   * The inline attempt, made before the person leaves; resolves when it is over or after 2 s. Does nothing where there is nothing to tell or somebody else has it, and
   * leaves what fails to the delivery loop.
   */
  soon(authorisationId: string): Promise<void>
  /** Lets go of what waits for its turn and waits for what is being sent. */
  stop(): Promise<void>
}

export function createDeliverOutcome(parts: { outbox: OutboxStore; authorisations: AuthorisationsClient; clock: Clock; log: Log }): DeliverOutcome {
  const { outbox, authorisations, clock, log } = parts
  const stopping = new AbortController()
  const underWay = new Set<Promise<void>>()

  const take: DeliverOutcome['take'] = async (options) => {
    // Read before the database is asked: a process frozen while the answer is on its way must not think that its lease begins with the thaw.
    const askedAt = clock.monotonicMs()
    const delivery = await outbox.take(options)
    return delivery && { ...delivery, leaseEndsAt: askedAt + delivery.waitMs + leaseSeconds * 1000 }
  }

  const sendNow = async (delivery: LeasedDelivery) => {
    const startedAt = clock.monotonicMs()
    try {
      await clock.sleep(delivery.waitMs, stopping.signal)
    } catch {
      // Nothing was sent; another replica may have it at once.
      await outbox.settle(delivery, { result: 'postponed', failure: 'stopped' }, 0)
      return
    }
    // A process that was frozen until here has lost its lease; it must not send what another one sends now.
    if (clock.monotonicMs() + attemptMs > delivery.leaseEndsAt) return
    const answer = await clock.within(attemptMs, (signal) => authorisations.patch(delivery.authorisationId, delivery.body, signal))
    const retryAfter = answer.result === 'postponed' ? answer.retryAfterMs : undefined
    const retryInMs = retryDelayMs(delivery.epoch, { random: Math.random, ...(retryAfter === undefined ? {} : { retryAfterMs: retryAfter }) })
    const state = await outbox.settle(delivery, answer, retryInMs)
    log[state === 'delivered' ? 'info' : 'warn']('delivery attempt', {
      authorisationId: delivery.authorisationId,
      attempt: delivery.epoch,
      reason: answer.result,
      state: state ?? 'lease-passed-on',
      ...(answer.status === undefined ? {} : { status: answer.status }),
      ...('failure' in answer ? { errorCode: answer.failure } : {}),
      durationMs: Math.round(clock.monotonicMs() - startedAt),
    })
  }

  const send: DeliverOutcome['send'] = async (delivery) => {
    const sending: Promise<void> = sendNow(delivery).finally(() => underWay.delete(sending))
    underWay.add(sending)
    await sending
  }

  const attempt = async (authorisationId: string) => {
    const delivery = await take({ authorisationId })
    if (delivery) await send(delivery)
  }

  return {
    take,
    send,
    async soon(authorisationId) {
      const attempting = attempt(authorisationId).catch((error: unknown) => log.warn('inline attempt left to the loop', { authorisationId, ...errorFields(error) }))
      await clock.atMost(patienceMs, attempting)
    },
    async stop() {
      stopping.abort()
      await Promise.allSettled(underWay)
    },
  }
}
