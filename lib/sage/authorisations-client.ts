import { isCertificateError } from "../http/certificate-fault.ts";
import { type Clock, systemClock } from "../clock/clock.ts";
import { type CallFailure, type HttpClient, RemoteFault } from "../http/http.ts";
import type { AccessTokenSource } from "./access-token.ts";
import { retryAfterMs } from "../http/retry-after.ts";
import type { TokenFailure } from "./token-fault.ts";

/**
 * Why nothing was applied, so that the same call is simply made again later. `credentials`: key or
 * token were refused, which an operator can mend. `slot-missed`: it was no longer wanted when
 * there was a token.
 */
type Postponement =
  | "throttled"
  | "unavailable"
  | "credentials"
  | "not-processed"
  | "unreachable"
  | "certificate"
  | "too-late"
  | "slot-missed"
  | TokenFailure;

/**
 * What one PATCH came to. `rejected` is final. `unclear` may have been applied, and Sage promises
 * no idempotency: a later `rejected` may then mean "already applied" (Sage’s developer pages,
 * idempotency).
 */
export type PatchResult =
  | { type: "applied"; status: number }
  | { type: "rejected"; status: number }
  | {
      type: "postponed";
      status?: number;
      retryAfterMs?: number;
      failure: Postponement;
      /** Where Sage ID's answer is not as it should be. */ paths?: readonly string[];
    }
  | {
      type: "unclear";
      status?: number;
      failure: Exclude<CallFailure, "private-address"> | "server-error";
    };

interface PatchOptions {
  /** Ends the attempt, waiting for a token included. */
  signal?: AbortSignal;
  /** Asked right before the call, when there is a token. */
  shouldSend?: () => boolean;
}

/** The Provider API of Sage. */
export interface AuthorisationsClient {
  /**
   * `PATCH /v1/authorisations/{authorisationId}`, once. After a 401 the token is dropped, so that
   * the next call has a new one (Sage’s developer pages). Never throws for a fault of another
   * system.
   */
  patch: (authorisationId: string, body: unknown, options?: PatchOptions) => Promise<PatchResult>;
}

/**
 * The status says all; of its body nothing is needed, so it may be slow, cut off or endless. In
 * milliseconds.
 */
const bodyWithinMs = 250;

/**
 * @param settings `url`: the base including `/v1`, without a slash at the end; `key`: sent as
 *   `x-api-key`.
 */
export function createAuthorisationsClient(
  { url, key }: { url: string; key: string },
  {
    http,
    token,
    clock = systemClock,
  }: { http: HttpClient; token: AccessTokenSource; clock?: Clock },
): AuthorisationsClient {
  async function attempt(
    authorisationId: string,
    body: string,
    { signal, shouldSend = () => true }: PatchOptions,
  ): Promise<PatchResult> {
    const authorization = await orAborted(token.authorization(), signal).catch(faultOnly);
    if (authorization instanceof RemoteFault)
      return {
        type: "postponed",
        failure: authorization.code as TokenFailure,
        ...(authorization.paths.length > 0 ? { paths: authorization.paths } : {}),
      };
    if (authorization === undefined || signal?.aborted)
      return { type: "postponed", failure: "too-late" };
    if (!shouldSend()) return { type: "postponed", failure: "slot-missed" };

    const headers = {
      "x-api-key": key,
      authorization,
      "content-type": "application/json",
      accept: "application/json",
    };
    const request = {
      method: "PATCH",
      headers,
      body,
      bodyWithinMs,
      ...(signal ? { signal } : {}),
    };
    const answer = await http(
      `${url}/authorisations/${encodeURIComponent(authorisationId)}`,
      request,
    ).catch(faultOnly);
    if (answer instanceof RemoteFault) {
      if (answer.neverSent)
        return {
          type: "postponed",
          failure: isCertificateError(answer) ? "certificate" : "unreachable",
        };
      return {
        type: "unclear",
        failure: answer.code as Exclude<CallFailure, "private-address">,
      };
    }
    if (answer.status === 401) token.discard(authorization);
    return judge(answer, clock.now());
  }
  return {
    patch: (authorisationId, body, options = {}) =>
      attempt(authorisationId, JSON.stringify(body), options),
  };
}

/** What a status tells about the authorisation (RFC 9110 §15, RFC 8470 §5.2). */
function judge({ status, headers }: Response, now: Date): PatchResult {
  const wait = retryAfterMs(headers, now);
  const postponed = (failure: Postponement): PatchResult => ({
    type: "postponed",
    status,
    failure,
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  });
  switch (status) {
    // An API gateway answers 403 for a bad `x-api-key`.
    case 401:
    case 403:
      return postponed("credentials");
    case 408:
    case 421:
    case 425:
      return postponed("not-processed");
    case 429:
      return postponed("throttled");
    case 503:
      // Only a server that declined says when to come back. A gateway answers a bare 503 also when
      // it lost the service behind it half-way.
      if (wait !== undefined) return postponed("unavailable");
  }
  if (status >= 500) return { type: "unclear", status, failure: "server-error" };
  return status >= 400 ? { type: "rejected", status } : { type: "applied", status };
}

function faultOnly(error: unknown): RemoteFault {
  if (error instanceof RemoteFault) return error;
  throw error;
}

/** The result of `work`, or undefined as soon as the signal aborts. */
async function orAborted<T>(
  work: Promise<T>,
  signal: AbortSignal | null | undefined,
): Promise<T | undefined> {
  if (!signal) return work;
  let stop = () => {};
  const aborted = new Promise<undefined>((resolve) => {
    stop = () => resolve(undefined);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
