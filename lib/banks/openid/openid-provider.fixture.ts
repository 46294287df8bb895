import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair } from "jose";
import { type BackchannelRequest, errors, Provider } from "oidc-provider";
import { homeFrom } from "../../../testing/follow-page.ts";

export type Client = "polled" | "pinged";
export type Interference = (response: ServerResponse) => void;

export const accountsBy: Readonly<Record<string, string[]>> = {
  ada: ["savings", "the-account-asked-for", "account"],
  bob: ["bobs-account"],
  cleo: [],
  slow: ["the-account-asked-for"],
};
const pingUrl = "https://connector.example/bank/ping";
export const approvedAcr = "urn:bank:strong";

/**
 * The certified `oidc-provider` as a bank: a real server on a port of this machine. Its app
 * approves what `approves` names at once, and otherwise waits for the test; its sign-in page is two
 * links. Whoever is called `sleepy` it thinks about for ever.
 * @param redirectUri where its page sends people back to.
 * @param pages `its-own`: its sign-in and consent are the forms that `oidc-provider` brings along,
 *   for a browser; anybody's password is good there.
 * @param pings what hears that something was done in the app, with the `Authorization` of the ping.
 */
export async function startOpenidProvider({
  redirectUri,
  pings,
  approves = [],
  pages = "links",
  lasting = false,
  port = 0,
}: {
  redirectUri: string;
  pages?: "links" | "its-own";
  pings: (authorization: string) => Promise<number>;
  approves?: readonly string[];
  /** Gives refresh tokens, too, and revokes what it gave. */
  lasting?: boolean;
  port?: number;
}) {
  const asked: BackchannelRequest[] = [];
  const calls: string[] = [];
  const interferences = new Map<string, Interference[]>();
  let handle: (request: IncomingMessage, response: ServerResponse) => unknown = () => undefined;
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "", "http://x").pathname;
    calls.push(path);
    const interfere = interferences.get(path)?.shift();
    if (interfere) return void interfere(response);
    void handle(request, response);
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const [ours, clients] = await Promise.all([
    generateKeyPair("ES256", { extractable: true }),
    generateKeyPair("ES256", { extractable: true }),
  ]);
  const clientKey = { ...(await exportJWK(clients.privateKey)), kid: "ours", alg: "ES256" };
  const client = (client_id: Client, more: object) => ({
    client_id,
    token_endpoint_auth_method: "private_key_jwt",
    token_endpoint_auth_signing_alg: "ES256",
    id_token_signed_response_alg: "ES256",
    grant_types: [
      "authorization_code",
      "urn:openid:params:grant-type:ciba",
      ...(lasting ? ["refresh_token"] : []),
    ],
    response_types: ["code"],
    redirect_uris: [redirectUri],
    jwks: {
      keys: [
        {
          kty: "EC",
          crv: "P-256",
          x: clientKey.x,
          y: clientKey.y,
          kid: "ours",
          alg: "ES256",
          use: "sig",
        },
      ],
    },
    require_pushed_authorization_requests: true,
    ...more,
  });
  const clientIds: Client[] = ["polled", "pinged"];
  const provider = new Provider(issuer, {
    clients: [
      client("polled", { backchannel_token_delivery_mode: "poll" }),
      client("pinged", {
        backchannel_token_delivery_mode: "ping",
        backchannel_client_notification_endpoint: pingUrl,
        backchannel_authentication_request_signing_alg: "ES256",
        request_object_signing_alg: "ES256",
        dpop_bound_access_tokens: true,
      }),
    ],
    jwks: {
      keys: [{ ...(await exportJWK(ours.privateKey)), kid: "bank", alg: "ES256", use: "sig" }],
    },
    adapter: memory(),
    // It pings https addresses only; the connector of a test has none.
    fetch: async (url: URL | string, options: RequestInit) =>
      String(url) === pingUrl
        ? new Response(null, {
            status: await pings(new Headers(options.headers).get("authorization") ?? ""),
          })
        : fetch(url, options),
    scopes: ["openid", "accounts"],
    issueRefreshToken: () => lasting,
    claims: { openid: ["sub", "acr"], accounts: ["accounts"] },
    acrValues: [approvedAcr],
    conformIdTokenClaims: false,
    clockTolerance: 120,
    enabledJWA: {
      requestObjectSigningAlgValues: ["ES256"],
      clientAuthSigningAlgValues: ["ES256"],
      idTokenSigningAlgValues: ["ES256"],
      dPoPSigningAlgValues: ["ES256"],
    },
    features: {
      devInteractions: { enabled: pages === "its-own" },
      requestObjects: { enabled: true },
      revocation: { enabled: lasting, allowedPolicy: () => true },
      dPoP: { enabled: true, nonceSecret: Buffer.alloc(32, 1), requireNonce: () => false },
      ciba: {
        enabled: true,
        deliveryModes: ["poll", "ping"],
        processLoginHint: (_: unknown, hint: string) =>
          hint === "sleepy" ? new Promise(() => undefined) : hint,
        verifyUserCode: () => undefined,
        validateBindingMessage: () => undefined,
        validateRequestContext: () => undefined,
        triggerAuthenticationDevice: async (_: unknown, request: BackchannelRequest) => {
          asked.push(request);
          if (approves.includes(request.accountId)) await approve(request);
        },
      },
    },
    cookies: {
      keys: ["the cookies of a test"],
      long: { signed: true, sameSite: "lax" },
      short: { signed: true, sameSite: "lax" },
    },
    ttl: {
      BackchannelAuthenticationRequest: 120,
      AccessToken: 60,
      RefreshToken: 600,
      IdToken: 60,
      Grant: 600,
      Interaction: 600,
      Session: 600,
    },
    findAccount: (_: unknown, accountId: string) =>
      Object.hasOwn(accountsBy, accountId)
        ? { accountId, claims: () => ({ sub: accountId, accounts: accountsBy[accountId] }) }
        : undefined,
    ...(pages === "links"
      ? {
          interactions: { url: (_: unknown, { uid }: { uid: string }) => `/sign-in/${uid}` },
          loadExistingGrant: async ({
            oidc,
          }: {
            oidc: { session: { accountId: string }; client: { clientId: string } };
          }) => grantOf(oidc.session.accountId, oidc.client.clientId),
        }
      : {}),
  });

  async function grantOf(accountId: string, clientId: string) {
    const grant = new provider.Grant({ accountId, clientId });
    grant.addOIDCScope("openid accounts");
    grant.addOIDCClaims(["accounts", "acr"]);
    await grant.save();
    return grant;
  }
  const approve = async (request: BackchannelRequest, acr = approvedAcr) =>
    provider.backchannelResult(request, await grantOf(request.accountId, request.clientId), {
      acr,
    });

  const signIn = async (
    request: IncomingMessage,
    response: ServerResponse,
    [, uid, said]: readonly (string | undefined)[],
  ) => {
    const { params } = await provider.interactionDetails(request, response);
    if (said === "yes")
      return provider.interactionFinished(request, response, {
        login: { accountId: params.login_hint ?? "ada", acr: approvedAcr },
      });
    if (said === "no")
      return provider.interactionFinished(request, response, {
        error: "access_denied",
        error_description: "the bank’s own words",
      });
    const page =
      `<!doctype html><html lang="en"><title>The bank</title><link rel="icon" ` +
      `href="data:,"><h1>The bank</h1><p><a href="/sign-in/${uid}/yes">Yes, connect ` +
      `it</a></p><p><a href="/sign-in/${uid}/no">No, go ` +
      `back</a></p></html>`;
    return response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(page);
  };
  const callback = provider.callback();
  handle = (request, response) => {
    const about = /^\/sign-in\/([\w-]+)(?:\/(yes|no))?$/.exec(request.url ?? "");
    if (!about) return void callback(request, response);
    return signIn(request, response, about).catch(() => response.writeHead(500).end());
  };

  return {
    issuer,
    clientKey,
    clientIds,
    /** What the app was asked, oldest first. */
    asked,
    /** The paths of all calls, oldest first. */
    calls,
    approve,
    deny: (request: BackchannelRequest) =>
      provider.backchannelResult(request, new errors.AccessDenied("the bank’s own words")),
    /**
     * What a bank's entry says of this provider, but for the ways to it.
     * @param keyFile of {@link clientKey}
     */
    entry: (clientId: Client, keyFile: string) => ({
      issuer,
      clientId,
      authentication: { method: "private_key_jwt", keyFile, keyId: "ours" },
      idTokenAlgorithm: "ES256",
      scope: "openid accounts",
      accounts: { from: "userinfo", path: ["accounts"] },
      ...(clientId === "pinged"
        ? { app: { delivery: "ping" }, signRequests: true, dpop: true }
        : {}),
    }),
    /**
     * Goes to its page, presses a link there, and gives the address that the browser comes back to.
     */
    through: (url: string, press: "yes" | "no") => homeFrom(url, redirectUri, `/${press}$`),
    /** Answers the next call of a path instead of the provider. */
    interfere: (path: string, ...answers: Interference[]) => void interferences.set(path, answers),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
export type OpenidProvider = Awaited<ReturnType<typeof startOpenidProvider>>;

/** Where the provider keeps things; its own one writes a warning into every test. */
function memory() {
  const kept = new Map<string, Record<string, unknown>>();
  const find = (of: (payload: Record<string, unknown>) => boolean) => [...kept.values()].find(of);
  return class Memory {
    readonly #kind: string;
    constructor(kind: string) {
      this.#kind = kind;
    }
    async upsert(id: string, payload: Record<string, unknown>) {
      kept.set(`${this.#kind} ${id}`, payload);
    }
    async find(id: string) {
      return kept.get(`${this.#kind} ${id}`);
    }
    async findByUid(uid: string) {
      return find((payload) => payload.uid === uid);
    }
    async consume(id: string) {
      const payload = kept.get(`${this.#kind} ${id}`);
      if (payload) payload.consumed = Math.floor(Date.now() / 1000);
    }
    async destroy(id: string) {
      kept.delete(`${this.#kind} ${id}`);
    }
    async revokeByGrantId(grantId: string) {
      for (const [id, payload] of kept) if (payload.grantId === grantId) kept.delete(id);
    }
  };
}
