import type { Clock } from '../platform/clock.ts'
import { errorFields, type Log } from '../platform/log.ts'
import type { DeliverOutcome } from './deliver-outcome.ts'
import type { OutboxStore } from './outbox-store.ts'

const idleMs = 1000
const mostAtOnce = 10
const upkeepEveryMs = 5000

export interface DeliveryLoop {
  /** Takes no further delivery and waits for those under way. */
  stop(): Promise<void>
}

/**
 * The delivery loop: sends what is due until its end, and looks after what no request looks after any more (`upkeep`). Any number of replicas run it; the
 * outbox sees to it that a delivery has one owner. It survives a database that is away and tries again.
 */
export function deliverDueOutcomes(parts: {
  outbox: OutboxStore
  deliver: DeliverOutcome
  upkeep: () => Promise<void>
  clock: Clock
  log: Log
}): DeliveryLoop {
  const { outbox, deliver, upkeep, clock, log } = parts
  const stopping = new AbortController()
  const underWay = new Set<Promise<void>>()
  let upkeepDueAt = clock.monotonicMs()

  const failed = (event: string) => (error: unknown) => {
    log.warn(event, errorFields(error))
  }

  const sendSome = async (): Promise<void> => {
    while (underWay.size < mostAtOnce && !stopping.signal.aborted) {
      const delivery = await deliver.take({})
      if (!delivery) return
      const sending: Promise<void> = deliver.send(delivery).catch(failed('delivery attempt not recorded')).finally(() => underWay.delete(sending))
      underWay.add(sending)
    }
  }

  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        await sendSome()
        if (clock.monotonicMs() >= upkeepDueAt) {
          for (const authorisationId of await outbox.giveUpOverdue()) log.error('outcome undeliverable', { authorisationId, reason: 'time-over' })
          await upkeep()
          upkeepDueAt = clock.monotonicMs() + upkeepEveryMs
        }
      } catch (error) {
        failed('delivery loop postponed')(error)
      }
      // With all places taken, the next one to end lets the loop go on at once.
      const full = underWay.size >= mostAtOnce
      await Promise.race([clock.sleep(idleMs * (0.5 + Math.random()), stopping.signal).catch(() => undefined), ...(full ? underWay : [])])
    }
  }

  const running = run()
  return {
    async stop() {
      stopping.abort()
      await running
      await deliver.stop()
    },
  }
}
