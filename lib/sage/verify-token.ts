import { decodeJwt, errors, type JWTPayload, jwtVerify } from "jose";
import type { Clock } from "../clock/clock.ts";
import { RemoteFault } from "../http/http.ts";
import { errorFields, type Log, type LogFields } from "../log/log.ts";
import { verifiedTokenCache } from "./verified-token-cache.ts";
import type { SageIdKeys } from "./sage-id-keys.ts";

/**
 * Why a token is refused; closed, safe to log. `keys-unavailable` is not the token's fault: it was
 * not judged.
 */
export type TokenRefusal =
  | "token-malformed"
  | "token-algorithm"
  | "token-key-unknown"
  | "token-signature"
  | "token-issuer"
  | "token-audience"
  | "token-authorised-party"
  | "token-expired"
  | "token-not-yet-valid"
  | "token-claims"
  | "keys-unavailable";

/** What a Sage ID token must carry; the names are those of the settings. */
export interface TokenRules {
  issuer: string;
  audience: string;
  authorizedParty: string | undefined;
}

// Clocks that NTP keeps are seconds apart; a minute forgives a machine whose NTP just came back.
// Tokens live for hours (Sage’s developer pages), so a setting would change nothing.
const leewaySeconds = 60;

/** @returns why the token is refused, or undefined when it is good. */
export type TokenVerifier = (token: string) => Promise<TokenRefusal | undefined>;

/**
 * Verifies Sage ID tokens: RS256 alone (RFC 8725 §3.1), a key of ours and never one the token
 * brings (`jku`, `x5u`, `jwk`), exact issuer, audience, an `exp`, and times within a leeway of one
 * minute. The very token that was verified before is good as long as it has not expired and Sage
 * ID's key for it is the same (docs/decisions/051).
 *
 * A refusal of a token with a good signature is logged with what the operator needs to mend the
 * settings.
 */
export function createTokenVerifier(
  rules: TokenRules,
  { keys, clock, log }: { keys: SageIdKeys; clock: Clock; log: Log },
): TokenVerifier {
  const verifiedTokens = verifiedTokenCache();
  const { issuer, audience, authorizedParty } = rules;
  const refuse = (reason: TokenRefusal, claims: JWTPayload) => {
    log.warn("notification token refused", { reason, ...claimFields(claims) });
    return reason;
  };
  // jose understands one critical extension, `b64`; Sage uses none, and what is not needed is not
  // accepted.
  const keyOf: SageIdKeys = (header) => {
    if (header.crit !== undefined)
      throw new errors.JWSInvalid("critical extensions are not accepted");
    return keys(header);
  };

  // Whatever key it is signed with: a repeat, which 503 asks for, would change nothing. What the
  // token says of itself is believed against it alone, and not logged.
  const hopeless = (token: string, now: Date): TokenRefusal | undefined => {
    try {
      const { iss, aud, exp, azp } = decodeJwt(token);
      if (iss !== issuer) return "token-issuer";
      if (![aud].flat().includes(audience)) return "token-audience";
      if (authorizedParty !== undefined && azp !== authorizedParty) return "token-authorised-party";
      if (typeof exp !== "number") return "token-claims";
      return exp + leewaySeconds <= now.getTime() / 1000 ? "token-expired" : undefined;
    } catch {
      return "token-malformed";
    }
  };

  return async (token) => {
    const now = clock.now();
    try {
      const known = verifiedTokens.find(token);
      if (known && now.getTime() < known.untilMs && (await keyOf(known.header)) === known.key)
        return undefined;
      const options = {
        algorithms: ["RS256"],
        issuer,
        audience,
        requiredClaims: ["exp"],
        clockTolerance: leewaySeconds,
        currentDate: now,
      };
      const { payload, protectedHeader: header, key } = await jwtVerify(token, keyOf, options);
      if (authorizedParty !== undefined && payload["azp"] !== authorizedParty)
        return refuse("token-authorised-party", payload);
      // jose checks `iat` only where a largest age is set, and Sage publishes none.
      if (payload.iat !== undefined && payload.iat > now.getTime() / 1000 + leewaySeconds)
        return refuse("token-not-yet-valid", payload);
      verifiedTokens.add(token, {
        header,
        key,
        untilMs: ((payload.exp ?? 0) + leewaySeconds) * 1000,
      });
      return undefined;
    } catch (error) {
      // Both are raised only after the signature was found good.
      if (error instanceof errors.JWTExpired) return refuse("token-expired", error.payload);
      if (error instanceof errors.JWTClaimValidationFailed)
        return refuse(refusalByClaim[error.claim] ?? "token-claims", error.payload);
      if (
        error instanceof errors.JWKSNoMatchingKey ||
        error instanceof errors.JWKSMultipleMatchingKeys
      )
        return "token-key-unknown";
      if (error instanceof errors.JOSEAlgNotAllowed) return "token-algorithm";
      if (error instanceof errors.JWSSignatureVerificationFailed) return "token-signature";
      if (error instanceof errors.JOSEError) return "token-malformed";
      // What is left are keys jose will not work with, such as RSA under 2048 bits.
      if (!(error instanceof RemoteFault))
        log.warn("keys of Sage ID not usable", errorFields(error));
      return hopeless(token, now) ?? "keys-unavailable";
    }
  };
}

const refusalByClaim: Partial<Record<string, TokenRefusal>> = {
  iss: "token-issuer",
  aud: "token-audience",
  nbf: "token-not-yet-valid",
};

function claimFields({ iss, aud, azp }: JWTPayload): LogFields {
  const text = (value: unknown) =>
    typeof value === "string" ? value.slice(0, 200) : `(${typeof value})`;
  return {
    issuer: text(iss),
    audience: Array.isArray(aud) ? aud.slice(0, 10).map(text) : text(aud),
    authorisedParty: text(azp),
  };
}
