import type { Clock } from "../clock/clock.ts";
import type { Settings } from "../config/env.ts";
import type { HttpClient } from "../http/http.ts";
import type { Log } from "../log/log.ts";
import { createSecretCheck } from "../crypto/secret-check.ts";
import { createSageIdKeys } from "./sage-id-keys.ts";
import { createTokenVerifier, type TokenRefusal } from "./verify-token.ts";

/**
 * Why a notification's sender is not trusted; for the log, never for the answer, which is the same
 * for all but `keys-unavailable`.
 */
export type SenderRefusal = "header-missing" | "header-wrong" | "token-missing" | TokenRefusal;

export type SenderVerdict = { type: "trusted" } | { type: "refused"; reason: SenderRefusal };

/** Decides whether a request comes from Banking Service. Never throws. */
export type SenderVerifier = (headers: Headers) => Promise<SenderVerdict>;

const maxToken = 16 * 1024;

/**
 * Both proofs Sage asks for (Sage’s developer pages, notification security): the header whose name
 * and values the provider chose, and a Sage ID token in `Authorization`. The token is looked at
 * only behind a right header, so that nobody without the secret can make us fetch keys or verify
 * signatures; the answer is the same either way.
 */
export function createSenderVerifier(
  {
    notification,
    sageId,
  }: Pick<Settings, "notification"> & {
    sageId: Pick<Settings["sageId"], "issuer" | "jwksUrl" | "audience" | "authorizedParty">;
  },
  { http, clock, log }: { http: HttpClient; clock: Clock; log: Log },
): SenderVerifier {
  const isLive = createSecretCheck(notification.headerValues);
  const verifyToken = createTokenVerifier(sageId, {
    keys: createSageIdKeys(sageId.jwksUrl, { http, clock, log }),
    clock,
    log,
  });

  async function refusal(headers: Headers): Promise<SenderRefusal | undefined> {
    const secret = headers.get(notification.headerName);
    if (secret === null) return "header-missing";
    if (!isLive(secret)) return "header-wrong";
    const authorization = headers.get("authorization");
    if (!authorization) return "token-missing";
    const token = tokenOf(authorization);
    return token === undefined ? "token-malformed" : await verifyToken(token);
  }

  return async (headers) => {
    const reason = await refusal(headers);
    return reason === undefined ? { type: "trusted" } : { type: "refused", reason };
  };
}

/**
 * The token of `Bearer x` or a bare one: Sage does not publish which it sends (Sage’s developer
 * pages). A repeated header arrives joined by a comma, which no token holds.
 */
function tokenOf(authorization: string): string | undefined {
  return authorization.length > maxToken
    ? undefined
    : /^(?:bearer +)?([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization)?.[1];
}
