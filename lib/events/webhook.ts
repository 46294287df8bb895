import { createHmac } from "node:crypto";

/** An event as it is posted. */
export interface WebhookMessage {
  /** Stays the same over retries, so that the receiver can tell one it has from a new one. */
  id: string;
  body: string;
}

/**
 * The headers of a webhook by Standard Webhooks: its id, when this attempt is made, and one `v1`
 * signature (HMAC-SHA256) for each secret. Source: the specification, "Signature scheme".
 * @param at the time of the attempt; receivers refuse one that is some minutes old.
 */
export function webhookHeaders(
  { id, body }: WebhookMessage,
  secrets: readonly Uint8Array[],
  at: Date,
): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const signatures = secrets.map((secret) =>
    createHmac("sha256", secret).update(`${id}.${timestamp}.${body}`).digest("base64"),
  );
  return {
    "content-type": "application/json",
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": signatures.map((signature) => `v1,${signature}`).join(" "),
  };
}

/** The body of an event: what is signed, and the same at every attempt. */
export const webhookBody = (event: {
  type: string;
  /** ISO 8601, UTC. */
  timestamp: string;
  data: Record<string, unknown>;
}): string => JSON.stringify(event);
