import {
  allowInsecureRequests,
  type ClientAuth,
  ClientSecretPost,
  clientCredentialsGrant,
  Configuration,
  customFetch,
} from "openid-client";
import { type Clock, startStopwatch } from "../clock/clock.ts";
import { textBody, withNullsAbsent } from "../http/foreign-json.ts";
import { type HttpClient, RemoteFault } from "../http/http.ts";
import { type TokenFailure, tokenFault } from "./token-fault.ts";

/**
 * The access token for the Provider API: one for the whole process, reused until it expires, as
 * Sage requires (Sage’s developer pages, Sage ID token). Its successor is asked for a minute
 * before, in the background, so that a Sage ID that is away is noticed while there still is a
 * token.
 */
export interface AccessTokenSource {
  /**
   * The value of the `Authorization` header.
   * @throws {RemoteFault} with a {@link TokenFailure} as code.
   */
  authorization: () => Promise<string>;
  /**
   * Says that this value was answered 401. Only the current token is dropped, so that fifty
   * parallel 401s cause one new token.
   */
  discard: (authorization: string) => void;
}

// RFC 6749 §5.1 leaves the life open without `expires_in`. Sage sends it; five minutes is short
// enough to hold for any real token and still one request for many outcomes.
const unstatedLifeSeconds = 300;

// How long before its end a token is no longer sent, since it must not end on its way; and its
// successor is asked for.
const spareSeconds = 10;
const renewBeforeSeconds = 60;
const renewAgainAfterMs = 5000;

// RFC 6750 §2.1. Anything else could not be sent as a header.
const bearerToken = /^[A-Za-z0-9\-._~+/]+=*$/;

/** Where tokens come from, who asks and for what. */
export interface TokenServer {
  tokenUrl: string;
  clientId: string;
  /**
   * How the client proves who it is: by a secret, or in another way, such as a signed assertion.
   */
  clientSecret?: string;
  clientAuth?: ClientAuth;
  /** Who an assertion is for; the address of the tokens unless told (RFC 7523 §3). */
  issuer?: string;
  audience?: string;
  scope?: string;
}

/**
 * @returns a source that asks for its first token when it is first needed. One request is in flight
 *   however many wait; a failure is told to all of them and not kept.
 */
export function createAccessTokenSource(
  {
    tokenUrl,
    clientId,
    clientSecret = "",
    clientAuth = ClientSecretPost(clientSecret),
    issuer = tokenUrl,
    audience,
    scope,
  }: TokenServer,
  { http, clock }: { http: HttpClient; clock: Clock },
): AccessTokenSource {
  const server = new Configuration(
    { issuer, token_endpoint: tokenUrl },
    clientId,
    undefined,
    clientAuth,
  );
  const client = withNullsAbsent(http);
  server[customFetch] = (url, { method, headers, body, redirect }) =>
    client(url, { method, headers, body: textBody(body), redirect });
  // Our client bounds the exchange by its own clock.
  server.timeout = undefined;
  // The settings accept http for loopback hosts only.
  if (tokenUrl.startsWith("http:")) allowInsecureRequests(server);

  let current:
    | { authorization: string; ageMs: () => number; renewAfterMs: number; reuseForMs: number }
    | undefined;
  let sinceFailedRenewalMs = () => Infinity;
  let inFlight: Promise<string> | undefined;

  async function fetchToken(): Promise<string> {
    // From the question on, which is never later than the issue.
    const ageMs = startStopwatch(clock);
    const answer = await clientCredentialsGrant(server, {
      ...(audience === undefined ? {} : { audience }),
      ...(scope === undefined ? {} : { scope }),
    }).catch((error: unknown) => {
      throw tokenFault(error);
    });
    const unusable =
      answer.token_type !== "bearer"
        ? "token_type"
        : bearerToken.test(answer.access_token)
          ? undefined
          : "access_token";
    if (unusable)
      throw new RemoteFault("token-unusable" satisfies TokenFailure, { paths: [unusable] });
    const lifeSeconds = answer.expires_in ?? unstatedLifeSeconds;
    const afterAllBut = (seconds: number) =>
      (lifeSeconds - Math.min(seconds, lifeSeconds / 10)) * 1000;
    // openid-client gives the type in lower case; RFC 6750 §2.1 and Sage's examples spell it so.
    current = {
      authorization: `Bearer ${answer.access_token}`,
      ageMs,
      renewAfterMs: afterAllBut(renewBeforeSeconds),
      reuseForMs: afterAllBut(spareSeconds),
    };
    return current.authorization;
  }

  const fetchOnce = () => {
    inFlight ??= fetchToken().finally(() => {
      inFlight = undefined;
    });
    return inFlight;
  };

  return {
    async authorization() {
      const held = current;
      if (!held || held.ageMs() >= held.reuseForMs) return fetchOnce();
      if (held.ageMs() >= held.renewAfterMs && sinceFailedRenewalMs() >= renewAgainAfterMs) {
        fetchOnce().catch(() => {
          sinceFailedRenewalMs = startStopwatch(clock);
        });
      }
      return held.authorization;
    },
    discard(authorization) {
      if (current?.authorization === authorization) current = undefined;
    },
  };
}
