import type { Clock } from "../clock/clock.ts";
import { isCertificateError } from "../http/certificate-fault.ts";
import { createHttpClient, type HttpClient, RemoteFault } from "../http/http.ts";
import { retryAfterMs } from "../http/retry-after.ts";
import type { EventTarget } from "./event-routing.ts";
import { webhookHeaders, type WebhookMessage } from "./webhook.ts";

/** How long a receiver may take to answer, in milliseconds. */
export const eventTimeoutMs = 10_000;
/** Its answer is its status; of a body only what comes in this time is read, in milliseconds. */
const bodyWithinMs = 500;

/** What came of posting an event. */
export type EventResult =
  | { type: "applied"; status: number }
  /** 410: the receiver wants no more of it. */
  | { type: "rejected"; status: number; failure: "gone" }
  | {
      type: "postponed";
      failure: string;
      status?: number | undefined;
      /** How long the receiver asks us to wait, in milliseconds. */
      retryAfterMs?: number | undefined;
    };

export type SendEvent = (
  target: EventTarget,
  message: WebhookMessage,
  signal: AbortSignal,
) => Promise<EventResult>;

/** Posts an event once. No redirect is followed, so a secret's signature goes nowhere else. */
export function createSendEvent({ clock }: { clock: Clock }): SendEvent {
  const clients = new WeakMap<EventTarget, HttpClient>();
  const clientOf = (target: EventTarget) => {
    const { privateHosts } = target;
    const client =
      clients.get(target) ??
      createHttpClient({ timeoutMs: eventTimeoutMs, publicHosts: true, privateHosts, clock });
    clients.set(target, client);
    return client;
  };

  return async (target, message, signal) => {
    try {
      const response = await clientOf(target)(target.url, {
        method: "POST",
        headers: webhookHeaders(message, target.secrets, clock.now()),
        body: message.body,
        signal,
        bodyWithinMs,
      });
      const { ok, status, headers } = response;
      if (ok) return { type: "applied", status };
      if (status === 410) return { type: "rejected", status, failure: "gone" };
      return {
        type: "postponed",
        status,
        failure: "refused",
        retryAfterMs: retryAfterMs(headers, clock.now()),
      };
    } catch (error) {
      if (!(error instanceof RemoteFault)) throw error;
      const failure = isCertificateError(error) ? "certificate" : error.code;
      return { type: "postponed", status: error.status, failure };
    }
  };
}
