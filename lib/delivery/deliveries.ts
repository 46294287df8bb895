import type { Banks } from "../banks/bank-adapter.ts";
import type { Clock } from "../clock/clock.ts";
import type { Seals } from "../crypto/seal.ts";
import type { Db } from "../db/db.ts";
import type { EventRouting } from "../events/event-routing.ts";
import { createSendEvent } from "../events/send-event.ts";
import type { Log } from "../log/log.ts";
import type { AuthorisationsClient } from "../sage/authorisations-client.ts";
import { createDeliverEvents, eventLeaseSeconds } from "./deliver-events.ts";
import { createDeliverOutcome, type DeliverOutcome } from "./deliver-outcome.ts";
import { type DueDeliveries, dueDeliveries } from "./delivery-loop.ts";
import { createOutboxDeliveries, type OutboxDeliveries } from "./outbox-deliveries.ts";
import type { OutboxStore } from "./outbox-store.ts";
import { createUndoAtBank, undoLeaseSeconds } from "./undo-at-bank.ts";

/**
 * Enough to use the whole rate while each answer takes seconds. How many wait for a slot is bounded
 * by the rate limit.
 */
const maxOutcomesAtOnce = 50;
const maxEventsAtOnce = 20;
const maxUndosAtOnce = 5;
/** While requests wait for the database, events wait for them, in milliseconds each. */
const busyPaceMs = 250;

/** The three destinations of deliveries: Sage, the provider's own systems, and banks. */
export interface Deliveries {
  /** Tells Sage; where the provider has to know first, it is told before. */
  deliver: DeliverOutcome;
  events: OutboxDeliveries;
  undos: OutboxDeliveries;
  destinations: readonly DueDeliveries[];
  /** Waits for what is being sent. */
  stop: () => Promise<void>;
}

/** Joins what is delivered with where it goes, each at a pace of its own. */
export function createDeliveries(deps: {
  db: Db;
  outbox: OutboxStore;
  authorisations: AuthorisationsClient;
  routing: EventRouting;
  bank: Pick<Banks, "undo">;
  seals: Seals;
  clock: Clock;
  log: Log;
}): Deliveries {
  const { db, outbox, authorisations, routing, bank, seals, clock, log } = deps;
  const events = createOutboxDeliveries(db, {
    destination: "provider",
    leaseSeconds: eventLeaseSeconds,
  });
  const undos = createOutboxDeliveries(db, { destination: "bank", leaseSeconds: undoLeaseSeconds });

  const deliver = createDeliverOutcome({
    outbox,
    authorisations,
    before: async (authorisationId) => {
      const event = await outbox.eventBefore(authorisationId);
      if (event !== undefined) await deliverEvents.attempt(event);
    },
    clock,
    log,
  });
  const deliverEvents = createDeliverEvents({
    events,
    routing,
    send: createSendEvent({ clock }),
    released: (authorisationId) => deliver.soon(authorisationId),
    clock,
    log,
  });
  const undoAtBank = createUndoAtBank({ undos, bank, seals, clock, log });

  return {
    deliver,
    events,
    undos,
    destinations: [
      dueDeliveries(deliver, { maxAtOnce: maxOutcomesAtOnce }),
      dueDeliveries(deliverEvents, {
        maxAtOnce: maxEventsAtOnce,
        paceMs: () => (db.pressure() > 0 ? busyPaceMs : 0),
      }),
      dueDeliveries(undoAtBank, { maxAtOnce: maxUndosAtOnce }),
    ],
    async stop() {
      await Promise.all([deliver.stop(), deliverEvents.stop(), undoAtBank.stop()]);
    },
  };
}
