import type { Clock } from "../clock/clock.ts";
import type { EventRouting } from "../events/event-routing.ts";
import { type EventResult, eventTimeoutMs, type SendEvent } from "../events/send-event.ts";
import { webhookBody } from "../events/webhook.ts";
import type { Log } from "../log/log.ts";
import { eventRetryDelayMs } from "./backoff.ts";
import { createDeliverer, type Deliverer, type Destination } from "./deliverer.ts";
import type { OutboxDeliveries, OutboxDelivery, OutboxSettled } from "./outbox-deliveries.ts";

/** Longer than an attempt, so that an event never has two owners at once. */
export const eventLeaseSeconds = 12;

/** The bytes of a notification are JSON in UTF-8; a byte order mark is one of them. */
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Delivers events to the provider's own systems, at a pace of their own: no slot of Sage's rate is
 * used, and nothing waits for them but an outcome that says so.
 * @param deps `released`: an outcome that waited for its event may be told to Sage now.
 */
export function createDeliverEvents(deps: {
  events: OutboxDeliveries;
  routing: EventRouting;
  send: SendEvent;
  released: (authorisationId: string) => Promise<void>;
  clock: Clock;
  log: Log;
}): Deliverer<OutboxDelivery> {
  const { events, routing, send, released, clock, log } = deps;

  const report = async (
    { id, type, authorisationId, epoch, bankId }: OutboxDelivery,
    result: EventResult,
    settled: OutboxSettled | undefined,
    durationMs: number,
  ) => {
    const about = { eventId: id, ...(authorisationId === null ? {} : { authorisationId }) };
    log[result.type === "applied" ? "info" : "warn"]("event attempt", {
      ...about,
      eventType: type,
      attempt: epoch,
      state: settled?.state ?? "lease-passed-on",
      ...(result.status === undefined ? {} : { status: result.status }),
      ...("failure" in result ? { errorCode: result.failure } : {}),
      ...(bankId === null ? {} : { bankId }),
      durationMs: Math.round(durationMs),
    });
    if (settled?.state === "dropped") log.error("event dropped", { ...about, reason: "gone" });
    if (settled?.released && authorisationId !== null) await released(authorisationId);
  };

  const provider: Destination<OutboxDelivery, EventResult, OutboxSettled> = {
    leaseSeconds: eventLeaseSeconds,
    fields: (eventId) => ({ eventId }),
    // Without an address here another replica may have one already, while settings change.
    take: async (which) => (routing.isOn() ? events.take(which) : undefined),
    settle: (delivery, result, { retryInMs }) => events.settle(delivery, result, retryInMs),
    attemptMs: () => eventTimeoutMs,
    async send({ id, type, bankId, data, raw, createdAt, leaseLeftMs }, signal) {
      const target = routing.targetOf(bankId);
      if (!target) return { type: "postponed", failure: "not-configured" };
      // Frozen since it was taken: another replica may have it.
      if (leaseLeftMs() < eventTimeoutMs) return { type: "postponed", failure: "lease-short" };
      const body = webhookBody({
        type,
        timestamp: createdAt,
        data: raw ? { ...data, raw: decoder.decode(raw) } : data,
      });
      return send(target, { id, body }, signal);
    },
    notSent: { type: "postponed", failure: "stopped" },
    next({ epoch }, result) {
      const retryAfterMs = result.type === "postponed" ? result.retryAfterMs : undefined;
      return { retryInMs: eventRetryDelayMs(epoch, { random: Math.random, retryAfterMs }) };
    },
    report,
  };
  return createDeliverer({ destination: provider, clock, log });
}
