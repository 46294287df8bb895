import { isLoopback } from "../net/loopback.ts";
import { isPrivateAddress } from "../net/private-address.ts";

/** What the provider may be told; closed, and written to the letter in docs/events.md. */
export const eventTypeNames = [
  "sage.notification.received",
  "reauthorisation.started",
  "reauthorisation.finished",
  "reauthorisation.reported",
] as const;
export type EventType = (typeof eventTypeNames)[number];

/** The event that carries what a bank granted. */
export const grantEvent = "reauthorisation.finished" satisfies EventType;

export const isEventType = (name: string): name is EventType =>
  (eventTypeNames as readonly string[]).includes(name);

/**
 * The key in a secret of a webhook: `whsec_` and base64 of 24 to 64 bytes, or undefined. Source:
 * Standard Webhooks, "Signature scheme".
 */
export function webhookSecret(written: string): Uint8Array | undefined {
  const [, base64 = ""] = /^whsec_([A-Za-z0-9+/]{32,88}={0,2})$/.exec(written) ?? [];
  const key = Buffer.from(base64, "base64");
  const wellFormed = key.toString("base64").replace(/=+$/, "") === base64.replace(/=+$/, "");
  const guessable = new Set(key).size < 8;
  return wellFormed && key.length >= 24 && key.length <= 64 && !guessable
    ? new Uint8Array(key)
    : undefined;
}

/** Whether a host is a private address that nobody has named. */
export const isUnnamedPrivateHost = (host: string, named: readonly string[]): boolean =>
  !isLoopback(host) && isPrivateAddress(host.replace(/^\[|\]$/g, "")) && !named.includes(host);
