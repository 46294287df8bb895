import { writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { decodeJwt } from "jose";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { systemClock } from "../../clock/clock.ts";
import { createHttpClient, type HttpClient, RemoteFault } from "../../http/http.ts";
import {
  type BankAdapter,
  type BankRequest,
  pollSchema,
  bankResultSchema,
} from "../bank-adapter.ts";
import { createOpenidBank } from "./openid-bank.ts";
import {
  type Interference,
  type OpenidProvider,
  startOpenidProvider,
} from "./openid-provider.fixture.ts";
import { openidSettings } from "./settings.ts";

const returnAddress = "http://127.0.0.1:9/authrefresh/return?state=sealed";
let provider: OpenidProvider;
let folder: string;
let startedMs = Date.now();
let lateMs = 0;
const logged: object[] = [];
const sent: { path: string; body: URLSearchParams; authorization: string | null }[] = [];
const clock = { ...systemClock, now: () => new Date(startedMs + lateMs) };
const note = (event: string, fields: object = {}) => void logged.push({ event, ...fields });
const client = createHttpClient({ timeoutMs: 20_000, publicHosts: true });
const listening: HttpClient = (input, init) => {
  sent.push({
    path: new URL(input).pathname,
    body: new URLSearchParams(typeof init?.body === "string" ? init.body : ""),
    authorization: new Headers(init?.headers).get("authorization"),
  });
  return client(input, init);
};

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "openid-"));
  provider = await startOpenidProvider({
    redirectUri: "http://127.0.0.1:9/authrefresh/return",
    pings: async () => 204,
  });
  writeFileSync(path.join(folder, "key.json"), JSON.stringify(provider.clientKey));
  writeFileSync(path.join(folder, "secret"), "s-e_c.r~e t");
});
afterAll(async () => {
  await provider.close();
  await rm(folder, { recursive: true });
});
afterEach(() => {
  startedMs = Date.now();
  lateMs = logged.length = sent.length = 0;
});

const bankOf = (more: object = {}): BankAdapter => {
  const { authentication, ...entry } = provider.entry("polled", path.join(folder, "key.json"));
  const settings = openidSettings.parse({
    ...entry,
    authentication,
    flows: ["ciba", "authorization_code"],
    person: { label: "Customer name" },
    page: { opens: "frame" },
    ...more,
  });
  return createOpenidBank(settings, {
    clock,
    publicUrl: "http://127.0.0.1:9",
    bank: { id: "b", name: "Example Bank" },
    http: () => listening,
    log: { debug: note, info: note, warn: note, error: note },
  });
};
const keyWith = (audience: string) => ({
  authentication: {
    method: "private_key_jwt",
    keyFile: path.join(folder, "key.json"),
    keyId: "ours",
    audience,
  },
});
const request: BankRequest = {
  bankId: "b",
  externalId: "the-account-asked-for",
  locale: "en-GB",
  returnAddress,
  redirectUrl: "http://127.0.0.1:9/authrefresh/handle/bank",
};
const call = () => ({ signal: new AbortController().signal });
const start = async (bank: BankAdapter, username = "ada") =>
  bankResultSchema.parse(
    await bank.start({ ...request, answer: { kind: "credentials", value: { username } } }, call()),
  );
const asChallenge = (result: { type: string }) => {
  if (result.type !== "challenge") throw new Error(result.type);
  return result as Extract<ReturnType<typeof bankResultSchema.parse>, { type: "challenge" }>;
};
const poll = async (bank: BankAdapter, asked: Awaited<ReturnType<typeof start>>) => {
  lateMs += 6000;
  const { challenge, state } = asChallenge(asked);
  return pollSchema.parse(await bank.poll?.({ ...request, challenge, state }, call()));
};
const redirectToBank = async (bank: BankAdapter, asked: Awaited<ReturnType<typeof start>>) => {
  const { challenge, state } = asChallenge(asked);
  return bank.redirectToBank?.({ ...request, challenge, state }, call());
};
const says =
  (status: number, body: unknown, headers: object = {}): Interference =>
  (response) =>
    void response
      .writeHead(status, { "content-type": "application/json", ...headers })
      .end(body === undefined ? undefined : JSON.stringify(body));
const html: Interference = (response) =>
  void response
    .writeHead(403, { "content-type": "text/html", "www-authenticate": 'Basic realm="bank"' })
    .end("<h1>Forbidden</h1>");
const lastRequest = () => {
  const asked = provider.asked.at(-1);
  if (!asked) throw new Error("the app was not asked");
  return asked;
};
const sentTo = (at: string) => sent.filter((one) => one.path === at);

describe("the connector authenticates itself", () => {
  test.each([
    ["issuer", { "/request": "", "/backchannel": "", "/token": "" }],
    ["token-endpoint", { "/request": "/token", "/backchannel": "/token", "/token": "/token" }],
    ["endpoint", { "/request": "/request", "/backchannel": "/backchannel", "/token": "/token" }],
  ])("to the audience “%s”, and a provider takes it", async (audience, expected) => {
    const app = bankOf(keyWith(audience));
    const asked = await start(app);
    await provider.approve(lastRequest());
    expect(await poll(app, asked)).toMatchObject({ type: "authorised" });
    const page = bankOf({ ...keyWith(audience), flows: ["authorization_code"] });
    expect(await redirectToBank(page, await start(page))).toMatchObject({
      url: expect.any(String) as string,
    });
    for (const [at, to] of Object.entries(expected))
      expect(decodeJwt(sentTo(at).at(-1)?.body.get("client_assertion") ?? "").aud).toBe(
        `${provider.issuer}${to}`,
      );
  });
  test("with a secret whose hyphens stay hyphens", async () => {
    const basic = {
      clientId: "sage-connector",
      profile: "basic",
      authentication: { method: "client_secret_basic", secretFile: path.join(folder, "secret") },
    };
    await expect(start(bankOf(basic))).rejects.toMatchObject({ code: "client-refused" });
    expect(
      Buffer.from(
        sentTo("/backchannel")[0]?.authorization?.replace("Basic ", "") ?? "",
        "base64",
      ).toString(),
    ).toBe("sage-connector:s-e_c.r~e+t");
  });
});

describe("where the connector cannot authenticate itself", () => {
  test.each<[string, Interference]>([
    [
      "a 401 with a challenge and an error",
      says(
        401,
        { error: "invalid_client" },
        { "www-authenticate": 'Basic realm="bank", error="invalid_client"' },
      ),
    ],
    [
      "a 401 with a challenge alone",
      says(401, undefined, { "www-authenticate": 'Basic realm="bank"' }),
    ],
    ["a 401 that says nothing", says(401, undefined)],
    ["a 403 that says nothing", says(403, undefined)],
    ["a 401 with an error of its own", says(401, { error: "wrong_secret" })],
    ["a 403 with JSON of its own", says(403, { message: "no" })],
    ["a 403 with a page", html],
  ])("%s is `client-refused`, wherever it comes from", async (_, does) => {
    const bank = bankOf();
    const asked = await start(bank);
    for (const at of ["/backchannel", "/token", "/request"]) provider.interfere(at, does);
    await expect(start(bank)).rejects.toMatchObject({
      name: "OpenIdError",
      code: "client-refused",
    });
    await expect(poll(bank, asked)).rejects.toMatchObject({
      name: "OpenIdError",
      code: "client-refused",
    });
    const page = bankOf({ flows: ["authorization_code"] });
    const toPage = await start(page);
    await expect(redirectToBank(page, toPage)).rejects.toMatchObject({
      name: "OpenIdError",
      code: "client-refused",
    });
  });
  test("an error that says more counts for more than its status", async () => {
    const bank = bankOf();
    const asked = await start(bank);
    provider.interfere(
      "/token",
      says(403, { error: "authorization_pending" }, { "www-authenticate": "Bearer" }),
    );
    expect(await poll(bank, asked)).toMatchObject({ type: "pending" });
  });
  test.each<[string, Interference, string]>([
    ["the accounts", says(401, undefined), "accounts-refused"],
    [
      "the accounts, with a challenge",
      says(403, {}, { "www-authenticate": 'Bearer error="insufficient_scope"' }),
      "accounts-refused",
    ],
  ])("it is not what %s are refused for", async (_, does, code) => {
    const bank = bankOf();
    const asked = await start(bank);
    await provider.approve(lastRequest());
    provider.interfere("/me", does);
    await expect(poll(bank, asked)).rejects.toMatchObject({ name: "OpenIdError", code });
  });
  test.each([
    ["/.well-known/openid-configuration", "answer-unusable"],
    ["/jwks", "answer-unusable"],
  ])("it is not what a 403 of %s says", async (at, code) => {
    const bank = bankOf();
    provider.interfere(at, says(403, undefined, { "www-authenticate": "Basic" }));
    const work = async () => {
      const asked = await start(bank);
      await provider.approve(lastRequest());
      return poll(bank, asked);
    };
    await expect(work()).rejects.toMatchObject({ name: "OpenIdError", code });
  });
});

describe("a name", () => {
  test("becomes a hint by the bank’s template, in the app and on the page", async () => {
    const more = { loginHint: "acct:{username}@bank.example" };
    await start(bankOf(more), "eve@evil.example").catch(() => undefined);
    expect(sentTo("/backchannel")[0]?.body.get("login_hint")).toBe(
      "acct:eve%40evil.example@bank.example",
    );
    const page = bankOf({ ...more, flows: ["authorization_code"] });
    await redirectToBank(page, await start(page));
    expect(sentTo("/request")[0]?.body.get("login_hint")).toBe("acct:ada@bank.example");
  });
  test("of which the template can make none is nobody’s, and no provider is asked about it", async () => {
    expect(
      await start(bankOf({ loginHint: "{username}@bank.example" }), "eve@evil.example"),
    ).toMatchObject({ problem: "wrong" });
    expect(sent).toEqual([]);
  });
  test.each([
    ["unknown_user_id", {}],
    ["invalid_request", { unknownPersonErrors: ["unknown_user_id", "invalid_request"] }],
    ["no_such_customer", { unknownPersonErrors: ["no_such_customer"] }],
  ])("is wrong where the bank says so by %s, which is logged", async (error, more) => {
    const bank = bankOf(more);
    provider.interfere("/backchannel", says(400, { error }));
    expect(await start(bank)).toMatchObject({ type: "challenge", problem: "wrong" });
    expect(logged).toEqual([
      { event: "bank answer refused", reason: "unknown-person", bankId: "b" },
    ]);
  });
  test.each([
    ["invalid_request", {}, "request-refused"],
    ["unknown_user_id", { unknownPersonErrors: ["no_such_customer"] }, "request-refused"],
    ["login_required", {}, "request-refused"],
  ])(
    "is not wrong for %s, where that is not one of the bank’s errors for it",
    async (error, more, code) => {
      const bank = bankOf(more);
      provider.interfere("/backchannel", says(400, { error }));
      await expect(start(bank)).rejects.toMatchObject({ name: "OpenIdError", code });
    },
  );
  test("that is unknown is not what a request for tokens is refused for", async () => {
    const bank = bankOf({ unknownPersonErrors: ["invalid_request"] });
    const asked = await start(bank);
    provider.interfere("/token", says(400, { error: "invalid_request" }));
    await expect(poll(bank, asked)).rejects.toMatchObject({ code: "request-refused" });
  });
  test("that the provider does not take on the way to its page is left out there, so that the page asks for it", async () => {
    const page = bankOf({ flows: ["authorization_code"] });
    const asked = await start(page);
    provider.interfere("/request", says(400, { error: "unknown_user_id" }));
    expect(await redirectToBank(page, asked)).toMatchObject({
      url: expect.any(String) as string,
    });
    expect(sentTo("/request").map(({ body }) => body.get("login_hint"))).toEqual(["ada", null]);
    expect(logged).toEqual([
      { event: "bank answer refused", reason: "unknown-person", bankId: "b" },
    ]);
  });
});

describe.each(["access_denied", "consent_required"])("%s is a no", (error) => {
  test("in the app", async () => {
    const bank = bankOf();
    const asked = await start(bank);
    provider.interfere("/token", says(400, { error }));
    expect(await poll(bank, asked)).toMatchObject({
      problem: "denied",
      challenge: { prompt: { status: "over" } },
    });
  });
  test("before the app is asked", async () => {
    provider.interfere("/backchannel", says(403, { error }));
    expect(await start(bankOf())).toEqual({ type: "refused", reason: "denied" });
  });
  test("on the page", async () => {
    const page = bankOf({ flows: ["authorization_code"] });
    const { challenge, state } = asChallenge(await start(page));
    const answer = {
      kind: "redirect",
      value: { query: `error=${error}&iss=${encodeURIComponent(provider.issuer)}` },
    } as const;
    expect(await page.answer({ ...request, challenge, state, answer }, call())).toMatchObject({
      type: "challenge",
      problem: "denied",
    });
  });
});

test.each([
  [400, "invalid_grant"],
  [403, "invalid_code"],
])("a code that is refused with %i and %s has the person sent again", async (status, error) => {
  const page = bankOf({ flows: ["authorization_code"] });
  const { challenge, state } = asChallenge(await start(page));
  provider.interfere("/token", says(status, { error }));
  const answer = {
    kind: "redirect",
    value: { query: `code=used&iss=${encodeURIComponent(provider.issuer)}` },
  } as const;
  expect(await page.answer({ ...request, challenge, state, answer }, call())).toMatchObject({
    type: "challenge",
    problem: "expired",
  });
  expect(logged).toEqual([{ event: "bank answer refused", reason: "code-refused", bankId: "b" }]);
});
test("a provider that has too much to do when its app is asked is away", async () => {
  provider.interfere("/backchannel", says(400, { error: "slow_down" }));
  await expect(start(bankOf())).rejects.toThrow(RemoteFault);
});
test.each<[string, object]>([
  ["somebody else", { sub: "bob", accounts: ["the-account-asked-for"] }],
  ["nobody", { accounts: ["the-account-asked-for"] }],
])("accounts of %s are not this person’s", async (_, said) => {
  const bank = bankOf();
  const asked = await start(bank);
  await provider.approve(lastRequest());
  provider.interfere("/me", says(200, said));
  await expect(poll(bank, asked)).rejects.toMatchObject({
    name: "OpenIdError",
    code: "answer-unusable",
    paths: ["sub"],
  });
});
