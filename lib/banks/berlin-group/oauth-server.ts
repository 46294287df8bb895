import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  buildAuthorizationUrlWithPAR,
  Configuration,
  customFetch,
  type ServerMetadata,
  type TokenEndpointResponse,
} from "openid-client";
import { z } from "zod";
import { readForeign, textBody, withNullsAbsent } from "../../http/foreign-json.ts";
import { type HttpClient, isTemporary, RemoteFault } from "../../http/http.ts";
import { url as urlSchema } from "../../config/setting-values.ts";
import {
  type ClientEndpoint,
  createClientAuthentication,
  withErrorInBody,
} from "../client-authentication.ts";
import { hrefOf } from "./links.ts";
import { UnexpectedBankResponse } from "./unexpected-bank-response.ts";
import { oauthFault } from "./oauth-fault.ts";
import type { BerlinGroupSettings } from "./settings.ts";

/** What is read of the metadata of RFC 8414 §2. */
const metadataSchema = z.object({
  issuer: z.string().min(1),
  authorization_endpoint: z.string(),
  token_endpoint: z.string(),
  pushed_authorization_request_endpoint: z.string().optional(),
  code_challenge_methods_supported: z.array(z.string()).optional(),
  authorization_response_iss_parameter_supported: z.boolean().optional(),
  mtls_endpoint_aliases: z
    .object({
      token_endpoint: z.string().optional(),
      pushed_authorization_request_endpoint: z.string().optional(),
    })
    .optional(),
});
export type OAuthMetadata = z.output<typeof metadataSchema>;

/** So long an address may be to fit into the state. */
const maxServer = 500;

/** One use of a server: what it says of itself, and what `openid-client` needs to talk to it. */
interface Used {
  metadata: OAuthMetadata;
  config: Configuration;
}

/**
 * The authorisation server of a bank whose approach is OAuth: the one whose metadata the `scaOAuth`
 * link names, on hosts that the bank's entry lists. What it says of itself is asked for each time:
 * a journey needs it three times, and it is a file.
 */
export function createOAuthServer(
  settings: Pick<BerlinGroupSettings, "url" | "oauth">,
  http: HttpClient,
) {
  const { oauth } = settings;
  const authenticationFor = oauth && createClientAuthentication(oauth);
  const hosts = [new URL(settings.url).host, ...(oauth?.hosts ?? [])];

  /**
   * @throws {UnexpectedBankResponse} for an address on a host that the entry does not list, whose
   *   certificate or person we would show to somebody else.
   */
  const allowed = (url: string): URL => {
    const read = urlSchema.safeParse(url);
    if (!read.success || !hosts.includes(read.data.host))
      throw new UnexpectedBankResponse("oauth-host-not-configured");
    return read.data;
  };

  const metadataOf = async (server: URL, signal: AbortSignal): Promise<OAuthMetadata> => {
    const response = await http(server, { signal, headers: { accept: "application/json" } });
    if (isTemporary(response.status))
      throw new RemoteFault("bank-unavailable", { status: response.status });
    if (response.status !== 200) throw new UnexpectedBankResponse("oauth-server-unfit");
    const read = readForeign(metadataSchema, await response.text());
    if (!read.ok) throw new UnexpectedBankResponse("oauth-server-unfit", { paths: read.paths });
    const {
      issuer,
      authorization_endpoint,
      token_endpoint,
      pushed_authorization_request_endpoint: par,
      mtls_endpoint_aliases: aliases = {},
      code_challenge_methods_supported: pkce,
    } = read.value;
    for (const url of [
      issuer,
      authorization_endpoint,
      token_endpoint,
      par,
      ...Object.values(aliases),
    ])
      if (url !== undefined) allowed(url);
    // RFC 8414 §3.3: metadata that says it is another server's must not be used.
    if (!isAtWellKnownOf(issuer, server))
      throw new UnexpectedBankResponse("oauth-server-unfit", { paths: ["issuer"] });
    if (pkce && !pkce.includes("S256"))
      throw new UnexpectedBankResponse("oauth-server-unfit", {
        paths: ["code_challenge_methods_supported"],
      });
    return read.value;
  };

  const use = async <T>(
    server: string,
    at: Exclude<ClientEndpoint, "backchannel_authentication_endpoint" | "revocation_endpoint">,
    signal: AbortSignal,
    work: (used: Used) => Promise<T>,
  ): Promise<T> => {
    if (!oauth || !authenticationFor) throw new UnexpectedBankResponse("oauth-not-configured");
    const metadata = await metadataOf(allowed(server), signal);
    const byCertificate = oauth.authentication.method === "tls_client_auth";
    const known = metadata as ServerMetadata;
    const config = new Configuration(
      known,
      oauth.clientId,
      { use_mtls_endpoint_aliases: byCertificate },
      authenticationFor(known, at),
    );
    const ask = withNullsAbsent(http);
    const endpoint =
      (byCertificate ? metadata.mtls_endpoint_aliases?.[at] : undefined) ?? metadata[at];
    config[customFetch] = withErrorInBody(endpoint, (url, { method, headers, body }) =>
      ask(url, { method, headers, body: textBody(body), signal }),
    );
    // Our client bounds the exchange by its own clock.
    config.timeout = undefined;
    // `allowed` takes http for loopback hosts only.
    if ([metadata.issuer, metadata.token_endpoint].some((url) => url.startsWith("http:")))
      allowInsecureRequests(config);
    try {
      return await work({ metadata, config });
    } catch (error) {
      throw oauthFault(error);
    }
  };

  return {
    /** The address of the metadata in an `scaOAuth` link. @throws {UnexpectedBankResponse} */
    urlIn(link: unknown): string {
      if (!oauth) throw new UnexpectedBankResponse("oauth-not-configured");
      const href = hrefOf(link);
      if (href === undefined || href.length > maxServer || !URL.canParse(href, settings.url))
        throw new UnexpectedBankResponse("oauth-host-not-configured");
      return allowed(new URL(href, settings.url).href).href;
    },

    /**
     * Asks what the server says of itself, so that one that does not fit ends the journey before
     * anybody is sent anywhere.
     * @throws {UnexpectedBankResponse}
     * @throws {RemoteFault}
     */
    check: (server: string, signal: AbortSignal): Promise<void> =>
      use(server, "token_endpoint", signal, () => Promise.resolve()),

    /**
     * The bank's page, by a pushed request where the server takes one (RFC 9126).
     * @throws {UnexpectedBankResponse}
     * @throws {RemoteFault}
     */
    pageOf: (
      server: string,
      parameters: Record<string, string>,
      signal: AbortSignal,
    ): Promise<string> =>
      use(
        server,
        "pushed_authorization_request_endpoint",
        signal,
        async ({ config, metadata }) =>
          (metadata.pushed_authorization_request_endpoint === undefined
            ? buildAuthorizationUrl(config, parameters)
            : await buildAuthorizationUrlWithPAR(config, parameters)
          ).href,
      ),

    /**
     * Exchanges what came back for a token.
     * @returns `other-issuer` for the answer of another server (RFC 9207 §2.4), which is taken
     *   nowhere.
     * @throws {OAuthRefusal}
     * @throws {UnexpectedBankResponse}
     * @throws {RemoteFault}
     */
    tokenFor: (
      server: string,
      back: URL,
      pkceCodeVerifier: string,
      signal: AbortSignal,
    ): Promise<TokenEndpointResponse | "other-issuer"> =>
      use(server, "token_endpoint", signal, async ({ config, metadata }) => {
        const from = back.searchParams.getAll("iss");
        if (
          from.some((name) => name !== metadata.issuer) ||
          (metadata.authorization_response_iss_parameter_supported && from.length !== 1)
        )
          return "other-issuer";
        // `state` was judged before the query came here: it opened to the very session this is
        // (lib/wizard/return-from-bank.ts).
        const tokens = await authorizationCodeGrant(config, back, { pkceCodeVerifier });
        if (tokens.token_type !== "bearer" || !/^[\x21-\x7e]+$/.test(tokens.access_token))
          throw new UnexpectedBankResponse("oauth-answer-unusable");
        return tokens;
      }),
  };
}
export type OAuthServer = ReturnType<typeof createOAuthServer>;

const wellKnown = /\/\.well-known\/(oauth-authorization-server|openid-configuration)/;

/**
 * Whether metadata of this issuer may be at an address: at its well-known one (RFC 8414 §3.1;
 * appended, as OpenID Connect Discovery has it), or at one that is no such, as the bank's link
 * says.
 */
function isAtWellKnownOf(issuer: string, server: URL): boolean {
  if (!wellKnown.test(server.pathname)) return true;
  const same = (one: string) => one.replace(/\/$/, "");
  return same(issuer) === same(`${server.origin}${server.pathname.replace(wellKnown, "")}`);
}
