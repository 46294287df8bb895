import type { AuditStore } from "../authorisations/audit-store.ts";
import type { RetentionStore } from "../authorisations/retention-store.ts";
import type { Clock } from "../clock/clock.ts";
import type { Log } from "../log/log.ts";
import type { OutboxDeliveries } from "./outbox-deliveries.ts";
import type { OutboxStore } from "./outbox-store.ts";
import type { OutcomeBody } from "./outcome.ts";

const overdueBatch = 100;
const purgeBatch = 200;
/**
 * Between two batches of one round, so that people's statements come first; and how many batches a
 * round has at most.
 */
const betweenBatchesMs = 50;
const maxBatches = 50;

/**
 * What no request looks after any more: deliveries whose end has come, sessions whose person has
 * gone, rows past their retention; and what the audit trail has counted meanwhile. All in small
 * batches that lock what nobody uses and skip what somebody does.
 * @throws DatabaseUnavailable
 */
export function createMaintenance(deps: {
  outbox: OutboxStore;
  events: Pick<OutboxDeliveries, "dropOverdue">;
  undos: Pick<OutboxDeliveries, "dropOverdue" | "endNotNeeded">;
  retention: RetentionStore;
  audit: Pick<AuditStore, "flush">;
  expiredBody: OutcomeBody | null;
  clock: Clock;
  log: Log;
}): (signal: AbortSignal) => Promise<void> {
  const { outbox, events, undos, retention, audit, expiredBody, clock, log } = deps;

  const inBatches = async (
    size: number,
    signal: AbortSignal,
    batch: (size: number) => Promise<number>,
  ) => {
    let count = 0;
    for (let batches = 0; batches < maxBatches && !signal.aborted; batches += 1) {
      const done = await batch(size);
      count += done;
      if (done < size) break;
      await clock.sleep(betweenBatchesMs, signal).catch(() => undefined);
    }
    return count;
  };

  const lookAfter = async (signal: AbortSignal) => {
    await inBatches(overdueBatch, signal, async (size) => {
      const ids = await outbox.giveUpOverdue(size);
      for (const authorisationId of ids)
        log.error("outcome undeliverable", { authorisationId, reason: "time-over" });
      return ids.length;
    });
    await inBatches(overdueBatch, signal, async (size) => {
      const ids = await events.dropOverdue(size);
      for (const eventId of ids) log.error("event dropped", { eventId, reason: "time-over" });
      return ids.length;
    });
    await inBatches(overdueBatch, signal, (size) => undos.endNotNeeded(size));
    await inBatches(overdueBatch, signal, async (size) => {
      const ids = await undos.dropOverdue(size);
      for (const eventId of ids) log.error("undo dropped", { eventId, reason: "time-over" });
      return ids.length;
    });
    const expired = await inBatches(overdueBatch, signal, (size) =>
      outbox.finishOverdue(expiredBody, size),
    );
    if (expired > 0) log.info("sessions expired unseen", { count: expired });
    const purged = await inBatches(purgeBatch, signal, (size) => retention.purge(size));
    if (purged > 0) log.info("purged", { count: purged });
  };

  return async (signal) => {
    try {
      await audit.flush();
    } finally {
      await lookAfter(signal);
    }
  };
}
