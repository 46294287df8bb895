import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { generateKeyPairSync } from "node:crypto";
import { tmpdir } from "node:os";
import path from "node:path";
import { compactDecrypt, importJWK, type JWK } from "jose";
import {
  allowInsecureRequests,
  type Configuration,
  discovery,
  fetchUserInfo,
  getDPoPHandle,
  PrivateKeyJwt,
  refreshTokenGrant,
} from "openid-client";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { callBank } from "./call-bank.ts";
import { type Clock, systemClock } from "../clock/clock.ts";
import { createHttpClient } from "../http/http.ts";
import { createLog } from "../log/log.ts";
import {
  type BankAdapter,
  type BankRequest,
  pollSchema,
  type Undo,
} from "../banks/bank-adapter.ts";
import { createGrantEncryption } from "../banks/grant-key.ts";
import { createOpenidBank } from "../banks/openid/openid-bank.ts";
import {
  type Client,
  type OpenidProvider,
  startOpenidProvider,
} from "../banks/openid/openid-provider.fixture.ts";
import { openidSettings } from "../banks/openid/settings.ts";

const folder = mkdtempSync(path.join(tmpdir(), "openid-grant-"));
const lines: string[] = [];
const log = createLog("debug", { write: (line) => void lines.push(line) });
const feed = generateKeyPairSync("ec", { namedCurve: "P-256" });
const encrypt = createGrantEncryption(
  feed.publicKey.export({ type: "spki", format: "pem" }).toString(),
);
let provider: OpenidProvider;
beforeAll(async () => {
  provider = await startOpenidProvider({
    redirectUri: "http://127.0.0.1:9/authrefresh/return",
    pings: async () => 204,
    approves: ["ada", "bob"],
    lasting: true,
  });
  writeFileSync(path.join(folder, "key.json"), JSON.stringify(provider.clientKey));
});
afterAll(async () => {
  await provider.close();
  rmSync(folder, { recursive: true });
});
afterEach(() => {
  lines.length = provider.calls.length = 0;
});

interface Granted {
  issuer: string;
  accessToken: string;
  refreshToken: string;
  idToken?: string;
  scope: string;
  tokenType: string;
  expiresAt: string;
  dpopKey?: JWK;
}

const bankOf = (
  clientId: Client,
  { grants, more = {}, clock }: { grants: boolean; more?: object; clock: Clock },
) =>
  createOpenidBank(
    openidSettings.parse({
      ...provider.entry(clientId, path.join(folder, "key.json")),
      flows: ["ciba"],
      person: { label: "Customer name" },
      ...more,
    }),
    {
      clock,
      publicUrl: "http://127.0.0.1:9",
      bank: { id: "b", name: "Example Bank", grants },
      http: () => createHttpClient({ timeoutMs: 20_000, publicHosts: true }),
      log,
    },
  );
const request: BankRequest = {
  bankId: "b",
  externalId: "the-account-asked-for",
  locale: "en-GB",
  returnAddress: "http://127.0.0.1:9/authrefresh/return?state=x",
  clientNotificationToken: async () => "a-token-for-the-ping-of-a-test",
};

/** Somebody signs in, who approves at once; by the same call that the wizard makes. */
async function signedIn(
  clientId: Client,
  { grants = true, who = "ada", more = {} }: { grants?: boolean; who?: string; more?: object } = {},
) {
  let lateMs = 0;
  const clock = { ...systemClock, now: () => new Date(Date.now() + lateMs) };
  const bank = bankOf(clientId, { grants, more, clock });
  const asked = await bank.start(
    { ...request, answer: { kind: "credentials", value: { username: who } } },
    { signal: new AbortController().signal },
  );
  if (asked.type !== "challenge") throw new Error(asked.type);
  lateMs = 6000;
  const given = await callBank(
    {
      request,
      authorisationId: "a",
      handle: "h",
      id: "i",
      bankId: null,
      externalId: request.externalId,
    },
    async (about, call) =>
      bank.poll?.({ ...about, challenge: asked.challenge, state: asked.state ?? null }, call),
    pollSchema,
    { clock, log, ...(grants ? { grants: () => ({ required: true, encrypt }) } : {}) },
  );
  return { bank, given };
}
const decrypted = async (jwe: string | undefined) => {
  const { plaintext } = await compactDecrypt(jwe ?? "", feed.privateKey);
  return JSON.parse(Buffer.from(plaintext).toString()) as Granted;
};

/** The provider's own feed, which knows nothing but what it was granted. */
async function feedOf({ issuer, dpopKey }: Granted, clientId: Client) {
  const key = await importJWK(provider.clientKey, "ES256");
  const config: Configuration = await discovery(
    new URL(issuer),
    clientId,
    { id_token_signed_response_alg: "ES256" },
    PrivateKeyJwt({ key: key as CryptoKey, kid: "ours" }),
    { execute: [allowInsecureRequests] },
  );
  const publicKey = { ...dpopKey };
  delete publicKey.d;
  const binding = dpopKey && {
    DPoP: getDPoPHandle(config, {
      privateKey: (await importJWK(dpopKey, "ES256")) as CryptoKey,
      publicKey: (await importJWK({ ...publicKey, ext: true }, "ES256")) as CryptoKey,
    }),
  };
  return {
    read: (token: string) => fetchUserInfo(config, token, "ada", binding),
    refresh: (token: string) => refreshTokenGrant(config, token, undefined, binding),
  };
}
const undo = async (bank: BankAdapter, what: Undo | undefined) => {
  if (!what) throw new Error("there is nothing to undo");
  const stored = JSON.parse(JSON.stringify(what)) as Undo;
  await bank.undo?.(
    { bankId: "b", externalId: "account", undo: stored },
    { signal: new AbortController().signal },
  );
};

describe.each<[string, Client, boolean]>([
  ["a bearer", "polled", false],
  ["a holder of a key (DPoP)", "pinged", true],
])("what is granted to %s", (_, clientId, isBound) => {
  test("reads the accounts at the provider until it is undone, and then nothing", async () => {
    const { bank, given } = await signedIn(clientId);
    if (given.type !== "bank-answered") throw new Error(given.type);
    expect(given.result).toEqual({ type: "authorised", accounts: expect.any(Array) as unknown });
    const granted = await decrypted(given.grant);
    expect(granted).toMatchObject({
      issuer: provider.issuer,
      scope: "openid accounts",
      tokenType: isBound ? "dpop" : "bearer",
      idToken: expect.stringMatching(/^ey/) as string,
    });
    expect(granted.dpopKey !== undefined).toBe(isBound);
    const leftMs = new Date(granted.expiresAt).getTime() - Date.now();
    expect(leftMs).toBeGreaterThan(30_000);

    const { read, refresh } = await feedOf(granted, clientId);
    expect(await read(granted.accessToken)).toMatchObject({
      accounts: expect.arrayContaining(["the-account-asked-for"]) as unknown,
    });
    const { access_token: refreshed } = await refresh(granted.refreshToken);
    expect(await read(refreshed)).toMatchObject({ sub: "ada" });

    await undo(bank, given.undo);
    for (const token of [granted.accessToken, refreshed])
      await expect(read(token)).rejects.toMatchObject({ status: 401 });
    await expect(refresh(granted.refreshToken)).rejects.toMatchObject({ error: "invalid_grant" });
    // Once more, as a job does that was stopped before it was settled.
    await undo(bank, given.undo);

    const secrets = [
      granted.accessToken,
      granted.refreshToken,
      granted.idToken ?? "none",
      granted.dpopKey?.d ?? "none",
    ];
    const { undo: sealed, ...shown } = given;
    const seen = [...lines, JSON.stringify(shown)].join("\n");
    for (const secret of secrets) expect(seen).not.toContain(secret);
    expect(sealed?.id).not.toContain(granted.refreshToken);
  });
});

test("nobody's account is confirmed, and what was given is undone all the same", async () => {
  const { bank, given } = await signedIn("polled", { who: "bob" });
  expect(given).toMatchObject({ type: "bank-answered", result: { type: "authorised" } });
  await undo(bank, given.undo);
  expect(provider.calls.filter((call) => call === "/token/revocation")).toHaveLength(2);
});
test("tokens of somebody who did not confirm as strongly as asked are undone", async () => {
  const { given } = await signedIn("polled", { more: { acrValues: ["urn:bank:stronger"] } });
  expect(given).toMatchObject({
    result: { type: "refused" },
    begun: [{ id: expect.any(String) as string }],
  });
});
test("tokens that open no accounts, since the bank is away then, are undone", async () => {
  provider.interfere("/me", (response) => response.writeHead(503).end());
  const { given } = await signedIn("polled");
  expect(given).toMatchObject({ type: "bank-away", begun: [{ id: expect.any(String) as string }] });
});

describe("where the provider's feed has no key", () => {
  test("tokens are revoked at once, and nothing is left to undo", async () => {
    const { given } = await signedIn("polled", { grants: false });
    expect(given).toEqual({
      type: "bank-answered",
      result: { type: "authorised", accounts: expect.any(Array) as unknown },
      externalId: request.externalId,
    });
    expect(provider.calls.slice(-3)).toEqual(["/me", "/token/revocation", "/token/revocation"]);
  });
  test("tokens that could not be revoked at once are undone later, and nobody waits for that", async () => {
    provider.interfere("/token/revocation", (response) => response.writeHead(503).end());
    const { bank, given } = await signedIn("polled", { grants: false });
    expect(given).toMatchObject({ type: "bank-answered", result: { type: "authorised" } });
    expect(given).not.toHaveProperty("grant");
    expect(given).not.toHaveProperty("undo");
    await undo(bank, given.begun?.[0]);
  });
});

describe("undoing", () => {
  const about = { refreshToken: "never-given", accessToken: "neither" };
  const tried = (bank: BankAdapter) => undo(bank, { id: "x", state: about });
  const at = (clock = systemClock) => bankOf("polled", { grants: true, clock });

  test("what the provider does not know any more is done", async () => {
    await tried(at());
  });
  test.each([
    [503, "{}", "bank-unavailable"],
    [401, '{"error":"invalid_client"}', "client-refused"],
    [400, '{"error":"invalid_request"}', "request-refused"],
  ])("is tried again where the provider answers %i", async (status, body, code) => {
    provider.interfere("/token/revocation", (response) =>
      response.writeHead(status, { "content-type": "application/json" }).end(body),
    );
    await expect(tried(at())).rejects.toMatchObject({ code });
  });
  test.each(["unsupported_token_type", "invalid_token"])(
    "what the provider calls %s is done, and the other token is revoked",
    async (error) => {
      provider.interfere("/token/revocation", (response) =>
        response
          .writeHead(400, { "content-type": "application/json" })
          .end(JSON.stringify({ error })),
      );
      await tried(at());
      expect(provider.calls.filter((call) => call === "/token/revocation")).toHaveLength(2);
    },
  );
});
