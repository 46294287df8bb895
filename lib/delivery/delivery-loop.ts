import { createPendingWork } from "../clock/pending-work.ts";
import type { Clock } from "../clock/clock.ts";
import { errorFields, type Log } from "../log/log.ts";
import type { LogEvent } from "../log/log-events.ts";

const idleMs = 1000;
const maintenanceEveryMs = 5000;

export interface DeliveryLoop {
  /** Takes no further delivery and waits for those under way. */
  stop: () => Promise<void>;
}

/** One destination, as the loop works with it. */
export interface DueDeliveries {
  /** Takes the next that is due and begins to send it; undefined when there is none. */
  next: () => Promise<{ sending: Promise<void> } | undefined>;
  stop: () => Promise<void>;
  /** How many are on their way at once at most. */
  maxAtOnce: number;
  /** How long to wait before the next one is taken, in milliseconds, so that others come first. */
  paceMs: () => number;
}

/** What is due of one destination. */
export const dueDeliveries = <Delivery>(
  deliverer: {
    take: (any: object) => Promise<Delivery | undefined>;
    send: (delivery: Delivery) => Promise<void>;
    stop: () => Promise<void>;
  },
  { maxAtOnce, paceMs = () => 0 }: { maxAtOnce: number; paceMs?: () => number },
): DueDeliveries => ({
  async next() {
    const delivery = await deliverer.take({});
    return delivery && { sending: deliverer.send(delivery) };
  },
  stop: deliverer.stop,
  maxAtOnce,
  paceMs,
});

/**
 * The delivery loop: sends what is due at each destination until its end; and beside it the
 * maintenance, which looks after what no request looks after any more. Any number of replicas run
 * both; the outbox sees to it that a delivery has one owner. They survive a database that is away
 * and try again.
 */
export function startDeliveryLoop(deps: {
  destinations: readonly DueDeliveries[];
  maintenance: (signal: AbortSignal) => Promise<void>;
  clock: Clock;
  log: Log;
}): DeliveryLoop {
  const { destinations, maintenance, clock, log } = deps;
  const stopping = new AbortController();

  const failed = (event: LogEvent) => (error: unknown) => {
    log.warn(event, errorFields(error));
  };
  const sleep = (ms: number) => clock.sleep(ms, stopping.signal).catch(() => undefined);
  // Jitter, so that replicas that were started together do not look together.
  const pause = (ms: number) => sleep(ms * (0.5 + Math.random()));

  const deliver = async (to: DueDeliveries): Promise<void> => {
    const pending = createPendingWork();
    const sendSome = async (): Promise<void> => {
      while (pending.all.size < to.maxAtOnce && !stopping.signal.aborted) {
        const paceMs = to.paceMs();
        if (paceMs > 0) await sleep(paceMs);
        const taken = await to.next();
        if (!taken) return;
        void pending.add(taken.sending.catch(failed("delivery attempt not recorded")));
      }
    };
    while (!stopping.signal.aborted) {
      await sendSome().catch(failed("delivery loop postponed"));
      // With all places taken, the next one to end lets the loop go on at once.
      const full = pending.all.size >= to.maxAtOnce;
      await Promise.race([pause(idleMs), ...(full ? pending.all : [])]);
    }
  };

  const maintain = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await maintenance(stopping.signal).catch(failed("maintenance postponed"));
      await pause(maintenanceEveryMs);
    }
  };

  const running = Promise.all([...destinations.map((to) => deliver(to)), maintain()]);
  return {
    async stop() {
      stopping.abort();
      await running;
      await Promise.all(destinations.map((to) => to.stop()));
    },
  };
}
