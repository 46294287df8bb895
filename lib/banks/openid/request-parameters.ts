import { SignJWT } from "jose";
import { randomUUID } from "node:crypto";
import type { Clock } from "../../clock/clock.ts";
import type { OpenidSettings } from "./settings.ts";
import { goodSigningKey } from "../signing-key.ts";

/** How long a signed request is good: from our signature to the provider's endpoint. */
const requestSeconds = 60;

/**
 * What makes the parameters of a request: without those that have no value; as one signed object
 * where the entry wants that (RFC 9101 §4, CIBA §7.1.1), so that nothing in it can be changed or
 * added on its way.
 */
export function createRequestParameters(
  { clientId, issuer, signRequests, authentication, parameters }: OpenidSettings,
  clock: Clock,
): (given: Record<string, string | undefined>) => Promise<Record<string, string>> {
  const signing =
    signRequests && authentication.method === "private_key_jwt"
      ? { ...goodSigningKey(authentication.keyFile), keyId: authentication.keyId }
      : undefined;
  return async (given) => {
    const named = {
      ...parameters,
      ...Object.fromEntries(
        Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined),
      ),
    };
    if (!signing) return named;
    const { key, algorithm, keyId } = signing;
    const nowSeconds = Math.floor(clock.now().getTime() / 1000);
    // In a request object `claims` is an object, and not the text of one (RFC 9101 §4).
    const claims = {
      ...named,
      client_id: clientId,
      ...("claims" in named ? { claims: JSON.parse(named.claims) as object } : {}),
    };
    const request = await new SignJWT(claims)
      .setProtectedHeader({
        alg: algorithm,
        typ: "oauth-authz-req+jwt",
        ...(keyId === undefined ? {} : { kid: keyId }),
      })
      .setIssuer(clientId)
      .setAudience(issuer)
      .setJti(randomUUID())
      .setIssuedAt(nowSeconds)
      .setNotBefore(nowSeconds)
      .setExpirationTime(nowSeconds + requestSeconds)
      .sign(key);
    return { request };
  };
}
