import { ResponseBodyError, WWWAuthenticateChallengeError } from "openid-client";
import { type CallFailure, isTemporary, RemoteFault } from "../http/http.ts";

/**
 * Why there is no access token; closed, safe to log. `token-refused`: Sage ID answered 4xx, so
 * client id, secret or audience want mending. `token-unusable`: what it answered is no bearer
 * token.
 */
export type TokenFailure =
  `token-${CallFailure}` | "token-refused" | "token-unavailable" | "token-unusable";

/**
 * The fault behind an error of `openid-client`. Causes are left out where they hold an answer,
 * which may hold a token.
 * @throws the error itself when it is a bug of ours.
 */
export function tokenFault(error: unknown): RemoteFault {
  if (!(error instanceof Error) || error instanceof TypeError) throw error;
  const { cause } = error;
  if (cause instanceof RemoteFault) return fault(`token-${cause.code as CallFailure}`, { cause });
  const status = statusOf(error);
  if (isTemporary(status)) return fault("token-unavailable");
  return status >= 400
    ? fault("token-refused")
    : fault("token-unusable", { paths: memberIn(error) });
}

const fault = (
  failure: TokenFailure,
  options: { cause?: unknown; paths?: readonly string[] } = {},
) => new RemoteFault(failure, options);

/**
 * The member of an answer, or of a token in it, that an error of `openid-client` is about: one
 * whose name the library has, never one that was sent.
 */
export function memberIn({ message, cause }: Error): string[] {
  const [, member] =
    /["`]([a-z_]{1,40})["`] (?:property|value|\()/.exec(
      cause instanceof Error ? cause.message : message,
    ) ?? [];
  return member === undefined ? [] : [member];
}

/** The status of the answer an error is about, 200 where the status was not the problem. */
function statusOf(error: Error): number {
  if (error instanceof ResponseBodyError || error instanceof WWWAuthenticateChallengeError)
    return error.status;
  return error.cause instanceof Response ? error.cause.status : 200;
}
