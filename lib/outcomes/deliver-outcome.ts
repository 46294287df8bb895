import type { AuthorisationsClient } from '../sage/authorisations-client.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import { retryDelayMs } from './backoff.ts'
import { type Delivery, leaseSeconds, type OutboxStore } from './outbox-store.ts'

/** How long one attempt may take, token and one repeat included; shorter than the lease, so that a delivery never has two owners at once. */
const attemptMs = 8000

export interface DeliverOutcome {
  /** Sends one taken delivery when its turn has come, and records what it came to. */
  send(delivery: Delivery): Promise<void>
  /** The inline attempt, made before the person leaves; does nothing when the delivery is not due or somebody else has it. @throws DatabaseAway */
  now(authorisationId: string): Promise<void>
}

export function createDeliverOutcome(parts: { outbox: OutboxStore; authorisations: AuthorisationsClient; clock: Clock; log: Log }): DeliverOutcome {
  const { outbox, authorisations, clock, log } = parts

  const send = async (delivery: Delivery) => {
    const takenAt = clock.monotonicMs()
    const leaseEndsAt = takenAt + delivery.waitMs + leaseSeconds * 1000
    await clock.sleep(delivery.waitMs)
    // A process that was frozen here has lost its lease; it must not send what another one sends now.
    if (clock.monotonicMs() + attemptMs > leaseEndsAt) return
    const answer = await authorisations.patch(delivery.authorisationId, delivery.body, clock.deadline(attemptMs))
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
      durationMs: Math.round(clock.monotonicMs() - takenAt),
    })
  }

  return {
    send,
    async now(authorisationId) {
      const delivery = await outbox.take({ authorisationId })
      if (delivery) await send(delivery)
    },
  }
}
