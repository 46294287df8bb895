import { createPendingWork } from "../clock/pending-work.ts";
import type { Clock } from "../clock/clock.ts";
import { errorFields, type Log } from "../log/log.ts";
import type { LogEvent } from "../log/log-events.ts";
import type { DeliverOutcome } from "./deliver-outcome.ts";

const idleMs = 1000;
/**
 * Enough to use the whole rate while each answer takes seconds. How many wait for a slot is bounded
 * by the pace.
 */
const maxAtOnce = 50;
const maintenanceEveryMs = 5000;

export interface DeliveryLoop {
  /** Takes no further delivery and waits for those under way. */
  stop: () => Promise<void>;
}

/**
 * The delivery loop: sends what is due until its end; and beside it the maintenance, which looks
 * after what no request looks after any more. Any number of replicas run both; the outbox sees to
 * it that a delivery has one owner. They survive a database that is away and try again.
 */
export function deliverDueOutcomes(deps: {
  deliver: DeliverOutcome;
  maintenance: (signal: AbortSignal) => Promise<void>;
  clock: Clock;
  log: Log;
}): DeliveryLoop {
  const { deliver, maintenance, clock, log } = deps;
  const stopping = new AbortController();
  const pending = createPendingWork();

  const failed = (event: LogEvent) => (error: unknown) => {
    log.warn(event, errorFields(error));
  };

  const sendSome = async (): Promise<void> => {
    while (pending.all.size < maxAtOnce && !stopping.signal.aborted) {
      const delivery = await deliver.take({});
      if (!delivery) return;
      void pending.add(deliver.send(delivery).catch(failed("delivery attempt not recorded")));
    }
  };

  // Jitter, so that replicas that were started together do not look together.
  const pause = (ms: number) =>
    clock.sleep(ms * (0.5 + Math.random()), stopping.signal).catch(() => undefined);

  const deliveries = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await sendSome().catch(failed("delivery loop postponed"));
      // With all places taken, the next one to end lets the loop go on at once.
      const full = pending.all.size >= maxAtOnce;
      await Promise.race([pause(idleMs), ...(full ? pending.all : [])]);
    }
  };

  const maintain = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await maintenance(stopping.signal).catch(failed("maintenance postponed"));
      await pause(maintenanceEveryMs);
    }
  };

  const running = Promise.all([deliveries(), maintain()]);
  return {
    async stop() {
      stopping.abort();
      await running;
      await deliver.stop();
    },
  };
}
