import {
  allowInsecureRequests,
  AuthorizationResponseError,
  Configuration,
  customFetch,
  type CustomFetch,
  discovery,
  None,
  type ServerMetadata,
} from "openid-client";
import { type Clock, startStopwatch } from "../../clock/clock.ts";
import { textBody, withNullsAbsent } from "../../http/foreign-json.ts";
import type { HttpClient } from "../../http/http.ts";
import type { Log, LogFields } from "../../log/log.ts";
import {
  type ClientEndpoint,
  createClientAuthentication,
  withErrorInBody,
} from "../client-authentication.ts";
import { assertFit } from "./assert-fit.ts";
import { openidFault } from "./openid-error.ts";
import { createProviderKeys, type VerifySignature } from "./provider-keys.ts";
import type { OpenidSettings } from "./settings.ts";

export interface Provider {
  /**
   * Runs `work` with what `openid-client` needs to talk to the provider, and with what verifies its
   * signatures; its calls end with `signal`.
   * @param at where the connector authenticates itself meanwhile.
   * @throws RemoteFault, OAuthErrorResponse, OpenIdError
   */
  use: <T>(
    at: ClientEndpoint,
    signal: AbortSignal,
    work: (config: Configuration, verify: VerifySignature) => Promise<T>,
  ) => Promise<T>;
}

/**
 * How long what the provider says of itself is good. Its keys have a time of their own
 * (provider-keys.ts).
 */
const metadataMs = 60 * 60 * 1000;

/** How long after a refresh that gave nothing the next one is made. */
const refreshAgainAfterMs = 60_000;

/**
 * One bank's OpenID Provider: what it says of itself is asked for at the first journey, and again
 * every hour in the background; while it cannot be had, or does not fit, what it said last is used
 * on.
 */
export function createProvider(
  settings: OpenidSettings,
  { http, clock, log, bankId }: { http: HttpClient; clock: Clock; log: Log; bankId: string | null },
): Provider {
  const { issuer, clientId, idTokenAlgorithm, unknownPersonErrors } = settings;
  const client = { id_token_signed_response_alg: idTokenAlgorithm };
  const authenticationFor = createClientAuthentication(settings);
  const notTaken = (error: unknown) =>
    log.warn("bank metadata not taken", {
      ...reasonOf(error),
      ...(bankId === null ? {} : { bankId }),
    });
  const keysAt = createProviderKeys({
    http,
    clock,
    algorithm: idTokenAlgorithm,
    notRefreshed: notTaken,
  });
  const ask = withNullsAbsent(http);
  const fetchUntil =
    (signal?: AbortSignal): CustomFetch =>
    (url, { method, headers, body }) =>
      ask(url, { method, headers, body: textBody(body), signal: signal ?? null });
  // The settings accept http for loopback hosts only.
  const insecure = issuer.startsWith("http:");

  let known: { metadata: ServerMetadata; ageMs: () => number } | undefined;
  let sinceFailedRefreshMs = () => Infinity;
  let inFlight: Promise<ServerMetadata> | undefined;

  const discover = async () => {
    const ageMs = startStopwatch(clock);
    const found = await discovery(new URL(issuer), clientId, client, None(), {
      [customFetch]: fetchUntil(),
      execute: insecure ? [allowInsecureRequests] : [],
      timeout: 0,
    }).catch((error: unknown) => {
      throw openidFault(error, { unauthorised: "answer-unusable" });
    });
    // Their helper methods cannot be cloned into the next configuration.
    const metadata = JSON.parse(JSON.stringify(found.serverMetadata())) as ServerMetadata;
    assertFit(metadata, settings);
    known = { metadata, ageMs };
    return metadata;
  };
  const discoverOnce = () => {
    inFlight ??= discover().finally(() => {
      inFlight = undefined;
    });
    return inFlight;
  };
  // Nobody waits for it.
  const refresh = () => {
    discoverOnce().catch((error: unknown) => {
      sinceFailedRefreshMs = startStopwatch(clock);
      notTaken(error);
    });
  };
  const metadataNow = async () => {
    if (!known) return discoverOnce();
    if (known.ageMs() >= metadataMs && !inFlight && sinceFailedRefreshMs() >= refreshAgainAfterMs)
      refresh();
    return known.metadata;
  };

  return {
    async use(at, signal, work) {
      try {
        const metadata = await metadataNow();
        const config = new Configuration(
          metadata,
          clientId,
          client,
          authenticationFor(metadata, at),
        );
        signal.throwIfAborted();
        config[customFetch] = withErrorInBody(metadata[at], fetchUntil(signal));
        // Our client bounds the exchange by its own clock.
        config.timeout = undefined;
        if (insecure) allowInsecureRequests(config);
        return await work(config, keysAt(metadata.jwks_uri ?? "", signal));
      } catch (error) {
        // A request for tokens names nobody.
        const namesSomebody =
          at !== "token_endpoint" || error instanceof AuthorizationResponseError;
        throw openidFault(error, namesSomebody ? { unknownPerson: unknownPersonErrors } : {});
      }
    },
  };
}

function reasonOf(error: unknown): LogFields {
  try {
    const { code, paths } = openidFault(error);
    return { reason: code, ...(paths.length > 0 ? { paths } : {}) };
  } catch {
    return { reason: "unexpected" };
  }
}
