import { type HttpClient, RemoteFault } from "../../http/http.ts";
import type { BerlinGroupSettings } from "./settings.ts";

/** A consent that was given, for whoever reads the account with it from now on. */
export interface GivenConsent {
  bankId: string | null;
  externalId: string;
  consentId: string;
  /** Of a bank whose approach is OAuth: its accounts are read with the consent and this. */
  token?: GivenToken;
}

export interface GivenToken {
  accessToken: string;
  refreshToken?: string;
  expiresInSeconds?: number;
}

/**
 * Tells the provider's own feed of a new consent: without it the person has signed in, and nothing
 * can be read. Telling it twice is harmless by its key.
 * @throws RemoteFault
 */
export async function handOver(
  { url, token }: NonNullable<BerlinGroupSettings["handOver"]>,
  consent: GivenConsent,
  { http, signal }: { http: HttpClient; signal: AbortSignal },
): Promise<void> {
  const headers = {
    "content-type": "application/json",
    authorization: `Bearer ${token}`,
    "idempotency-key": consent.consentId,
  };
  const { ok } = await http(url, {
    method: "POST",
    headers,
    body: JSON.stringify(consent),
    signal,
  });
  if (!ok) throw new RemoteFault("consent-not-handed-over");
}
