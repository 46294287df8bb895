import {
  AuthorizationResponseError,
  ClientError,
  ResponseBodyError,
  WWWAuthenticateChallengeError,
} from "openid-client";
import { CodedError } from "../../log/coded-error.ts";
import { isTemporary, RemoteFault } from "../../http/http.ts";
import { memberIn } from "../../sage/token-fault.ts";
import { UnexpectedBankResponse } from "./unexpected-bank-response.ts";

/**
 * The answer was a no (`denied`), or is worth nothing (any more): the person may go to the page
 * again.
 */
export class OAuthRefusal extends CodedError<"denied" | "expired"> {
  override readonly name = "OAuthRefusal";
}

/** The second is what `glewlwyd` says of a code that it did not give, or that was used before. */
const expired = [
  "invalid_grant",
  "invalid_code",
  "login_required",
  "interaction_required",
  "account_selection_required",
];
const denied = ["access_denied", "consent_required"];
const away = ["temporarily_unavailable", "server_error"];
const ofTheClient = ["invalid_client", "unauthorized_client"];

/**
 * What an error of `openid-client` means to a journey. Causes are left out, since they hold
 * answers, and an answer may hold a token.
 * @throws the error itself when it is a bug of ours.
 */
export function oauthFault(error: unknown): RemoteFault | OAuthRefusal | UnexpectedBankResponse {
  if (
    error instanceof RemoteFault ||
    error instanceof OAuthRefusal ||
    error instanceof UnexpectedBankResponse
  )
    return error;
  if (!(error instanceof Error)) throw error;
  if (error.cause instanceof RemoteFault) return error.cause;
  if (error instanceof ResponseBodyError) return saidNo(error.error, error.status);
  if (error instanceof AuthorizationResponseError) return saidNo(error.error, 400);
  if (error instanceof WWWAuthenticateChallengeError) return saidNo("", error.status);
  if (error.cause instanceof Response && error.cause.status >= 400)
    return saidNo("", error.cause.status);
  if (error instanceof ClientError)
    return new UnexpectedBankResponse("oauth-answer-unusable", { paths: memberIn(error) });
  throw error;
}

function saidNo(code: string, status: number): RemoteFault | OAuthRefusal | UnexpectedBankResponse {
  if (isTemporary(status) || away.includes(code))
    return new RemoteFault("bank-unavailable", { status });
  if (denied.includes(code)) return new OAuthRefusal("denied");
  if (expired.includes(code)) return new OAuthRefusal("expired");
  return new UnexpectedBankResponse(
    ofTheClient.includes(code) || status === 401 || status === 403
      ? "oauth-client-refused"
      : "oauth-request-refused",
  );
}
