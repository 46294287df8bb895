import {
  AuthorizationResponseError,
  ClientError,
  ResponseBodyError,
  WWWAuthenticateChallengeError,
} from "openid-client";
import { CodedError } from "../../log/coded-error.ts";
import { isTemporary, RemoteFault } from "../../http/http.ts";
import { memberIn } from "../../sage/token-fault.ts";

/**
 * Why a provider's answer cannot be used; closed, safe to log, and never a text of the provider's.
 * `client-refused`: id, key or authentication want mending; `request-refused`: scope or another
 * parameter; `provider-unfit`: it lacks what the profile or the entry needs; `endpoint-elsewhere`:
 * it names an endpoint on a host that the entry does not; `answer-unusable`: it answered nonsense;
 * `token-…`: what is wrong with an ID token; `accounts-…`: the accounts were refused, or are not
 * where the entry says.
 */
export type OpenidFailureCode =
  | "client-refused"
  | "request-refused"
  | "provider-unfit"
  | "endpoint-elsewhere"
  | "answer-unusable"
  | "token-claims"
  | "token-nonce"
  | "token-time"
  | "token-signature"
  | "accounts-refused"
  | "accounts-missing";

/**
 * Not the person's fault, and asking again would not help. It has no cause: that may hold an
 * answer, and an answer a token.
 */
export class OpenIdError extends CodedError<OpenidFailureCode> {
  override readonly name = "OpenIdError";
}

/**
 * An error code of RFC 6749 §5.2, CIBA §13 and their relatives that a flow has an answer to;
 * anything else has been judged.
 */
export class OAuthErrorResponse extends CodedError<Expected> {
  override readonly name = "OAuthErrorResponse";
}

const expected = [
  "authorization_pending",
  "slow_down",
  "expired_token",
  "access_denied",
  "invalid_grant",
  "login_required",
  "interaction_required",
  "account_selection_required",
] as const;
type Expected = (typeof expected)[number] | "unknown_user_id";

/** OpenID Connect Core §3.1.2.6: the person was asked, and consented to nothing. */
const denied = ["access_denied", "consent_required"];
/** `glewlwyd` says the second of a code that it did not give, or that was used before. */
const usedUp = ["invalid_grant", "invalid_code"];
const away = ["temporarily_unavailable", "server_error"];
const ofTheClient = [
  "invalid_client",
  "unauthorized_client",
  "invalid_dpop_proof",
  "use_dpop_nonce",
];
/** Whether an error code says something that is not about whom it was asked. */
export const isKnownErrorCode = (code: string): boolean =>
  [...expected, ...denied, ...usedUp, ...away, ...ofTheClient].includes(code);

/**
 * What an error of `openid-client` means: a bank that is away (`RemoteFault`), a no that a flow
 * expects, or a failure. Causes are left out, since they hold answers.
 * @param unknownPerson the error codes that say that the provider knows nobody by that name.
 * @param unauthorised what a 401 or 403 means that says no more: at the endpoints where the
 *   connector authenticates itself, that it could not (RFC 6749 §5.2).
 * @throws the error itself when it is a bug of ours.
 */
export function openidFault(
  error: unknown,
  {
    unknownPerson = [],
    unauthorised = "client-refused",
  }: { unknownPerson?: readonly string[]; unauthorised?: OpenidFailureCode } = {},
): RemoteFault | OAuthErrorResponse | OpenIdError {
  if (
    error instanceof RemoteFault ||
    error instanceof OAuthErrorResponse ||
    error instanceof OpenIdError
  )
    return error;
  if (!(error instanceof Error)) throw error;
  if (error.cause instanceof RemoteFault) return error.cause;
  if (error instanceof ResponseBodyError) return saidNo(error.error, error.status, unknownPerson);
  if (error instanceof AuthorizationResponseError) return saidNo(error.error, 400, unknownPerson);
  if (error instanceof WWWAuthenticateChallengeError) return ofStatus(error.status, unauthorised);
  if (error.cause instanceof Response && error.cause.status !== 200)
    return ofStatus(error.cause.status, "answer-unusable", unauthorised);
  if (error instanceof ClientError)
    return new OpenIdError(ofCode(error), { paths: memberIn(error) });
  throw error;
}

function saidNo(
  code: string,
  status: number,
  unknownPerson: readonly string[],
): RemoteFault | OAuthErrorResponse | OpenIdError {
  if (away.includes(code)) return new RemoteFault("bank-unavailable");
  if (unknownPerson.includes(code)) return new OAuthErrorResponse("unknown_user_id");
  if (denied.includes(code)) return new OAuthErrorResponse("access_denied");
  if (usedUp.includes(code)) return new OAuthErrorResponse("invalid_grant");
  const known = expected.find((name) => name === code);
  if (known) return new OAuthErrorResponse(known);
  return ofTheClient.includes(code)
    ? new OpenIdError("client-refused")
    : ofStatus(status, "request-refused", "client-refused");
}

/** An answer that is no success and says no more than its status. */
export const ofStatus = (
  status: number,
  otherwise: OpenidFailureCode,
  unauthorised = otherwise,
): RemoteFault | OpenIdError =>
  isTemporary(status)
    ? new RemoteFault("bank-unavailable")
    : new OpenIdError(status === 401 || status === 403 ? unauthorised : otherwise);

function ofCode({ code, cause }: ClientError): OpenidFailureCode {
  if (code === "OAUTH_JWT_TIMESTAMP_CHECK_FAILED") return "token-time";
  if (
    code === "OAUTH_KEY_SELECTION_FAILED" ||
    (cause instanceof Error && cause.message === "JWT signature verification failed")
  )
    return "token-signature";
  if (code !== "OAUTH_JWT_CLAIM_COMPARISON_FAILED") return "answer-unusable";
  return cause instanceof Error &&
    (cause.cause as { claim?: unknown } | undefined)?.claim === "nonce"
    ? "token-nonce"
    : "token-claims";
}
