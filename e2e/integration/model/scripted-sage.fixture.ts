import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, SignJWT } from "jose";

/**
 * What the Provider API does with a PATCH. `held`: it takes effect and the answer waits, as for
 * somebody who is frozen.
 */
export const replies = [
  "ok",
  "throttled",
  "throttled-briefly",
  "failed",
  "lost",
  "reset",
  "refused",
  "held",
] as const;
export type Reply = (typeof replies)[number];

export interface ScriptedSage {
  url: string;
  /** A token for notifications. */
  token: string;
  /**
   * What the next PATCHes of an authorisation meet; `ok` after that. A repeat of what took effect
   * is refused.
   */
  plan(authorisationId: string, next: readonly Reply[]): void;
  /** The PATCHes of an authorisation, in the order they came: whether each took effect. */
  patches(authorisationId: string): readonly { applied: boolean; body: string }[];
  /** When PATCHes came, of whatever authorisation, in milliseconds. */
  arrivals: readonly number[];
  /** Answers the oldest PATCH that is held of an authorisation. */
  answerHeld(authorisationId: string, status: 200 | 429 | 500): void;
  /** Answers what is held of all, and takes everything well from then on. */
  calmDown(): void;
  close(): Promise<void>;
}

const issuer = "http://127.0.0.1/sage-id/";
const audience = "https://connector.example/";

/** Sage ID and the Provider API in one local server. */
export async function startScriptedSage(): Promise<ScriptedSage> {
  const { privateKey, publicKey } = await generateKeyPair("RS256");
  const keys = {
    keys: [{ ...(await exportJWK(publicKey)), kid: "one", alg: "RS256", use: "sig" }],
  };
  const token = await new SignJWT({})
    .setProtectedHeader({ alg: "RS256", kid: "one" })
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime("8h")
    .sign(privateKey);
  const plans = new Map<string, Reply[]>();
  const patches = new Map<string, { applied: boolean; body: string }[]>();
  const held: { id: string; say: (status: number) => void }[] = [];
  const arrivals: number[] = [];

  const answer = (response: ServerResponse, status: number, body: unknown, headers = {}) =>
    response
      .writeHead(status, { "content-type": "application/json", ...headers })
      .end(JSON.stringify(body));

  const patch = (id: string, body: string, response: ServerResponse) => {
    arrivals.push(performance.now());
    const known = patches.get(id) ?? [];
    patches.set(id, known);
    const before = known.some(({ applied }) => applied);
    const reply = plans.get(id)?.shift() ?? "ok";
    const takesEffect = !before && ["ok", "lost", "held"].includes(reply);
    known.push({ applied: takesEffect, body });
    if (reply === "throttled") return answer(response, 429, {});
    if (reply === "throttled-briefly") return answer(response, 429, {}, { "retry-after": "1" });
    if (reply === "failed") return answer(response, 500, {});
    if (reply === "refused") return answer(response, 422, {});
    if (reply === "lost" || reply === "reset") return response.destroy();
    const usual = before ? 409 : 200;
    if (reply === "held")
      held.push({ id, say: (status) => answer(response, status === 200 ? usual : status, {}) });
    else answer(response, usual, {});
  };

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const id = /^\/v1\/authorisations\/(.+)$/.exec(request.url ?? "")?.[1];
      if (id !== undefined) patch(id, Buffer.concat(chunks).toString(), response);
      else if (request.url === "/jwks") answer(response, 200, keys);
      else
        answer(response, 200, { access_token: "token", token_type: "Bearer", expires_in: 28_800 });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token,
    plan: (id, next) => void plans.set(id, [...next]),
    patches: (id) => patches.get(id) ?? [],
    arrivals,
    answerHeld(authorisationId, status) {
      const oldest = held.findIndex(({ id }) => id === authorisationId);
      if (oldest >= 0) held.splice(oldest, 1)[0]?.say(status);
    },
    calmDown() {
      plans.clear();
      for (const { say } of held.splice(0)) say(200);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The settings that lead a connector here. */
export const sageSettings = (url: string) => ({
  SAGE_ID_ISSUER: issuer,
  SAGE_ID_JWKS_URL: `${url}/jwks`,
  SAGE_ID_TOKEN_URL: `${url}/token`,
  SAGE_ID_AUDIENCE: audience,
  SAGE_ID_CLIENT_ID: "client",
  SAGE_ID_CLIENT_SECRET: "secret",
  PROVIDER_API_URL: `${url}/v1`,
  PROVIDER_API_KEY: "key",
  PROVIDER_API_AUDIENCE: "https://provider-api.example/",
});
