import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import type { ServerResponse } from "node:http";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { answerJson, type LocalServer, startLocalServer } from "../../sage/local-server.fixture.ts";
import { systemClock } from "../../clock/clock.ts";
import { createHttpClient, RemoteFault } from "../../http/http.ts";
import { valuesAt } from "./accounts.ts";
import { createProvider } from "./provider.ts";
import type { OpenidSettings } from "./settings.ts";
import { goodSigningKey } from "../signing-key.ts";

let server: LocalServer;
let says: (base: string) => unknown;
let status = 200;
let lateMs = 0;
/** Answers instead of the server, when it wants to. */
let hold: ((response: ServerResponse) => void) | undefined;
const clock = { ...systemClock, now: () => new Date(Date.now() + lateMs) };
const keyFile = String(
  generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({
    type: "pkcs8",
    format: "pem",
  }),
);

const fit = (base: string) => ({
  issuer: base,
  token_endpoint: `${base}/token`,
  jwks_uri: `${base}/jwks`,
  userinfo_endpoint: `${base}/me`,
  authorization_endpoint: `${base}/auth`,
  pushed_authorization_request_endpoint: `${base}/request`,
  backchannel_authentication_endpoint: `${base}/backchannel`,
  backchannel_token_delivery_modes_supported: ["poll"],
  code_challenge_methods_supported: ["S256"],
  authorization_response_iss_parameter_supported: true,
});
beforeAll(async () => {
  server = await startLocalServer((response) =>
    hold ? hold(response) : answerJson(response, status, says(server.url)),
  );
});
afterAll(() => server.close());
afterEach(() => {
  status = 200;
  hold = undefined;
  lateMs = server.requests.length = logged.length = 0;
});

const settings = (): OpenidSettings => ({
  issuer: server.url,
  hosts: ["id.bank.example"],
  clientId: "c",
  authentication: { method: "private_key_jwt", keyFile, audience: "issuer" },
  unknownPersonErrors: ["unknown_user_id"],
  profile: "fapi-2",
  idTokenAlgorithm: "ES256",
  signRequests: false,
  dpop: false,
  scope: "openid",
  acrValues: [],
  parameters: {},
  flows: ["ciba", "authorization_code"],
  app: { delivery: "poll", bindingMessage: "{number}" },
  page: { opens: "frame" },
  accounts: { from: "userinfo", path: ["accounts"], identifier: "resourceId", details: {} },
});
const logged: object[] = [];
const note = (event: string, fields = {}) => void logged.push({ event, ...fields });
const log = { debug: note, info: note, warn: note, error: note };
const provider = () =>
  createProvider(settings(), {
    http: createHttpClient({ timeoutMs: 20_000, publicHosts: true }),
    clock,
    log,
    bankId: "one",
  });
const use = (of: ReturnType<typeof provider>) =>
  of.use(
    "token_endpoint",
    new AbortController().signal,
    async (config) => config.serverMetadata().token_endpoint,
  );

describe("what a provider says of itself", () => {
  test("is asked for once an hour", async () => {
    says = fit;
    const one = provider();
    expect(await Promise.all([use(one), use(one)])).toEqual([
      `${server.url}/token`,
      `${server.url}/token`,
    ]);
    await use(one);
    expect(server.requests).toHaveLength(1);
    lateMs = 61 * 60_000;
    says = (base) => ({ ...fit(base), token_endpoint: `${base}/another` });
    await expect.poll(() => use(one), { timeout: 20_000 }).toBe(`${server.url}/another`);
    expect(server.requests).toHaveLength(2);
    expect(logged).toEqual([]);
  });
  test("is waited for by nobody who has what it said before", async () => {
    says = fit;
    const one = provider();
    await use(one);
    lateMs = 61 * 60_000;
    let answer = () => undefined as unknown;
    const asked = new Promise<void>((resolve) => {
      hold = (response) => {
        answer = () => answerJson(response, 200, fit(server.url));
        resolve();
      };
    });
    expect(await use(one)).toBe(`${server.url}/token`);
    await asked;
    expect(await use(one)).toBe(`${server.url}/token`);
    expect(server.requests).toHaveLength(2);
    answer();
  });
  test.each([
    ["cannot be had", "bank-unavailable", () => void (status = 503)],
    [
      "does not fit any more",
      "endpoint-elsewhere",
      () =>
        void (says = (base) => ({ ...fit(base), token_endpoint: "https://evil.example/token" })),
    ],
  ])(
    "is used on while it %s, which is logged, and asked for again after a pause",
    async (_, reason, change) => {
      says = fit;
      const one = provider();
      await use(one);
      lateMs = 61 * 60_000;
      change();
      expect(await use(one)).toBe(`${server.url}/token`);
      await expect
        .poll(() => logged, { timeout: 20_000 })
        .toEqual([{ event: "bank metadata not taken", reason, bankId: "one" }]);
      expect(await use(one)).toBe(`${server.url}/token`);
      expect(server.requests).toHaveLength(2);
      lateMs += 61_000;
      expect(await use(one)).toBe(`${server.url}/token`);
      await expect.poll(() => logged.length, { timeout: 20_000 }).toBe(2);
      expect(server.requests).toHaveLength(3);
    },
  );
  test("is asked for again at the next journey when it could not be had", async () => {
    says = fit;
    status = 503;
    const one = provider();
    await expect(use(one)).rejects.toThrow(RemoteFault);
    status = 200;
    expect(await use(one)).toBe(`${server.url}/token`);
  });
  test.each([
    ["is another one", "answer-unusable", { issuer: "https://other.example" }],
    [
      "has its sign-in page on a host the entry does not name",
      "endpoint-elsewhere",
      { authorization_endpoint: "https://evil.example/auth" },
    ],
    [
      "wants our key’s signature on a host the entry does not name",
      "endpoint-elsewhere",
      { token_endpoint: "https://evil.example/token" },
    ],
    [
      "has an endpoint without TLS",
      "endpoint-elsewhere",
      { userinfo_endpoint: "http://id.bank.example/me" },
    ],
    [
      "has an endpoint that hides where it is",
      "endpoint-elsewhere",
      { jwks_uri: "https://id.bank.example@evil.example/jwks" },
    ],
    [
      "has an endpoint that is a script",
      "endpoint-elsewhere",
      { authorization_endpoint: "javascript:alert(1)" },
    ],
    ["does not ask apps", "provider-unfit", { backchannel_authentication_endpoint: undefined }],
    [
      "does not take polls",
      "provider-unfit",
      { backchannel_token_delivery_modes_supported: ["push"] },
    ],
    [
      "takes no pushed requests",
      "provider-unfit",
      { pushed_authorization_request_endpoint: undefined },
    ],
    ["knows no PKCE", "provider-unfit", { code_challenge_methods_supported: ["plain"] }],
    [
      "does not say who it is in its answers",
      "provider-unfit",
      { authorization_response_iss_parameter_supported: false },
    ],
    ["tells nothing of people", "provider-unfit", { userinfo_endpoint: undefined }],
  ])("that it %s is a failure with a reason", async (_, code, change) => {
    says = (base) => ({ ...fit(base), ...change });
    await expect(use(provider())).rejects.toMatchObject({ name: "OpenIdError", code });
  });
});

test.each([
  ["a text", "a", [], ["a"]],
  ["a list", ["a", "b"], [], ["a", "b"]],
  ["a list in a list", [["a"], ["b"]], [], ["a", "b"]],
  [
    "members of a list of objects",
    { data: [{ id: "a" }, { id: "b" }, { other: 1 }] },
    ["data", "id"],
    ["a", "b"],
  ],
  ["an empty list", { data: [] }, ["data", "id"], []],
  ["nothing there", { data: {} }, ["data", "id"], []],
  ["null", { data: null }, ["data", "id"], []],
  ["nothing there in any", { data: [{}, {}] }, ["data", "id"], []],
  ["what every object has", {}, ["constructor"], []],
  ["what has no members", { data: "a" }, ["data", "id"], undefined],
  ["what has none in a list", ["a", { id: "b" }], ["id"], undefined],
])("a path leads to %s", (_, value, path, found) => {
  expect(valuesAt(value, path)).toEqual(found);
});
test("a key of RSA signs as PS256", () => {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  expect(
    goodSigningKey(
      String(
        createPrivateKey(privateKey.export({ type: "pkcs8", format: "pem" })).export({
          type: "pkcs8",
          format: "pem",
        }),
      ),
    ).algorithm,
  ).toBe("PS256");
});
