import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { generateKeyPairSync } from "node:crypto";
import { decodeJwt } from "jose";
import { makeCertificate } from "../../../testing/certificate.ts";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../../clock/clock.ts";
import { createHttpClient } from "../../http/http.ts";
import {
  type BankAdapter,
  pollSchema,
  type BankResult,
  bankResultSchema,
  type Undo,
} from "../bank-adapter.ts";
import { createBerlinGroupBank } from "./berlin-group-bank.ts";
import { oauthClient, startBerlinGroupBank } from "./berlin-group-bank.fixture.ts";
import { berlinGroupSettings } from "./settings.ts";

const folder = mkdtempSync(path.join(tmpdir(), "berlin-oauth-"));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, content: string) => {
  writeFileSync(path.join(folder, name), content);
  return path.join(folder, name);
};
const secretFile = file("secret", oauthClient.secret);

const account = {
  resourceId: "the-account-asked-for",
  iban: "DE89370400440532013000",
  currency: "EUR",
};
const bank = await startBerlinGroupBank({ accounts: [account] });
afterAll(() => bank.stop());
beforeEach(() => {
  bank.heard.splice(0);
  bank.oauth.metadata = {};
});

const client = {
  clientId: oauthClient.clientId,
  authentication: { method: "client_secret_basic", secretFile },
};
const common = {
  url: bank.url,
  ipAddress: "192.0.2.7",
  account: "resourceId",
  consent: { access: "offered" },
  signIn: { ask: "fields", name: { label: "Name" } },
  oauth: client,
};
const bankWith = (more: Record<string, unknown> = {}): BankAdapter => {
  const http = createHttpClient({ timeoutMs: 20_000, publicHosts: true });
  return createBerlinGroupBank(berlinGroupSettings.parse({ ...common, ...more }), {
    name: "Example Bank",
    http,
    clock: systemClock,
  });
};
const adapter = bankWith();
const base = {
  bankId: "bank",
  externalId: "the-account-asked-for",
  locale: "de-DE",
  returnAddress: "https://connector.example/authrefresh/return?state=the-state",
  redirectUrl: "https://connector.example/authrefresh/h/bank",
};
const call = () => ({ signal: new AbortController().signal });
const authorised = {
  type: "authorised",
  accounts: [{ externalId: "the-account-asked-for", accountIdentifier: "DE89370400440532013000" }],
};

const start = async (by = adapter): Promise<BankResult> =>
  bankResultSchema.parse(
    await by.start(
      { ...base, answer: { kind: "credentials", value: { username: "oauth" } } },
      call(),
    ),
  );
function pendingOf(result: BankResult) {
  if (result.type !== "challenge") throw new Error(`nothing was asked: ${JSON.stringify(result)}`);
  return { challenge: result.challenge, state: result.state as never };
}
async function pageOf(result: BankResult, by = adapter): Promise<URL> {
  const redirected = await by.redirectToBank?.({ ...base, ...pendingOf(result) }, call());
  return new URL(redirected?.url ?? "");
}
/** What the page sends back, without the `state` that the connector has judged by then. */
async function press(page: URL, link: string) {
  const html = await (await fetch(page)).text();
  const back = new URL(
    (html.match(new RegExp(`href="([^"]+)">${link}`))?.[1] ?? "").replaceAll("&amp;", "&"),
  );
  expect(back.searchParams.get("state")).toBe("the-state");
  back.searchParams.delete("state");
  return back.searchParams;
}
const back = async (
  result: BankResult,
  query: URLSearchParams | string,
  { by = adapter, externalId = base.externalId } = {},
): Promise<BankResult> =>
  bankResultSchema.parse(
    await by.answer(
      {
        ...base,
        externalId,
        ...pendingOf(result),
        answer: { kind: "redirect", value: { query: String(query) } },
      },
      call(),
    ),
  );
const yes = async (result: BankResult, by = adapter) =>
  press(await pageOf(result, by), "Yes, connect it");
const undoOf = (result: BankResult) => (result.type === "refused" ? undefined : result.undo);
const idOf = (result: BankResult) => undoOf(result)?.id;
const undo = async (result: BankResult) => {
  const what = undoOf(result);
  if (!what) throw new Error("nothing is to be undone");
  await adapter.undo?.({ bankId: "bank", externalId: base.externalId, undo: what }, call());
};
const heard = () =>
  bank.heard.map(({ method, path }) => `${method} ${path.replace(/consent%3D[^/]+/, "C")}`);

describe("OAuth as SCA", () => {
  test("asks for a consent, sends the person to the page that the bank’s metadata names, and reads the accounts with the token and the consent", async () => {
    const asked = await start();
    expect(asked).toMatchObject({
      lang: "de",
      challenge: { kind: "redirect", prompt: { url: base.redirectUrl, opens: "window" } },
    });
    const page = await pageOf(asked);
    expect(page.pathname).toBe("/oauth/page");
    expect([...page.searchParams.keys()].toSorted()).toEqual(["client_id", "request_uri"]);
    expect(await back(asked, await press(page, "Yes, connect it"))).toMatchObject(authorised);
    const metadata = "GET /.well-known/oauth-authorization-server";
    expect(heard()).toEqual([
      "POST /v1/consents",
      metadata,
      metadata,
      "POST /oauth/par",
      "GET /oauth/page",
      metadata,
      "POST /oauth/token",
      "GET /v1/consents/C/status",
      "GET /v1/accounts",
    ]);
    const pushed = new URLSearchParams(String(bank.heard[3]?.body));
    expect(Object.fromEntries(pushed)).toMatchObject({
      response_type: "code",
      redirect_uri: "https://connector.example/authrefresh/return",
      scope: expect.stringMatching(/^AIS:consent=/),
      state: "the-state",
      code_challenge_method: "S256",
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
    });
    expect(bank.heard.at(-1)?.headers).toMatchObject({
      authorization: expect.stringMatching(/^Bearer /),
      "consent-id": pushed.get("scope")?.slice("AIS:".length),
    });
  });
  test("says everything in the address where the server takes no pushed request", async () => {
    bank.oauth.metadata = { pushed_authorization_request_endpoint: null };
    const asked = await start();
    const page = await pageOf(asked);
    expect(Object.fromEntries(page.searchParams)).toMatchObject({
      client_id: "connector",
      code_challenge_method: "S256",
      state: "the-state",
      scope: expect.stringMatching(/^AIS:/),
    });
    expect(await back(asked, await press(page, "Yes, connect it"))).toMatchObject(authorised);
  });
  test("is found after an authorisation was started, too", async () => {
    bank.spoil({
      at: "POST /v1/consents",
      status: 201,
      body: { consentStatus: "received", consentId: "c", _links: { startAuthorisation: {} } },
    });
    bank.spoil({
      at: "authorisations",
      status: 201,
      body: {
        scaStatus: "received",
        authorisationId: "a",
        _links: { scaOAuth: { href: "/.well-known/oauth-authorization-server" }, scaStatus: {} },
      },
    });
    expect(await start()).toMatchObject({
      challenge: { kind: "redirect" },
      state: { type: "oauth", authorisation: "a" },
    });
  });
  test("waits for the person: nothing is asked of the bank meanwhile", async () => {
    const asked = await start();
    bank.heard.splice(0);
    expect(
      pollSchema.parse(await adapter.poll?.({ ...base, ...pendingOf(asked) }, call())),
    ).toMatchObject({ type: "pending" });
    expect(heard()).toEqual([]);
  });
  test("shows an id with hyphens as it is, since servers refuse it escaped", async () => {
    const ofUuid = bankWith({
      oauth: { ...client, clientId: "3fa85f64-5717-4562-b3fc-2c963f66afa6" },
    });
    await expect(pageOf(await start(ofUuid), ofUuid)).rejects.toMatchObject({
      code: "oauth-client-refused",
    });
    const shown = bank.heard.at(-1)?.headers.authorization?.replace(/^Basic /, "") ?? "";
    expect(Buffer.from(shown, "base64").toString()).toBe(
      `3fa85f64-5717-4562-b3fc-2c963f66afa6:${oauthClient.secret}`,
    );
  });
  test("proves us by a secret in the form, by a signed assertion, or by our certificate", async () => {
    const byForm = bankWith({
      oauth: { ...client, authentication: { method: "client_secret_post", secretFile } },
    });
    const asked = await start(byForm);
    expect(await back(asked, await yes(asked, byForm), { by: byForm })).toMatchObject(authorised);
    const keyFile = file(
      "key.pem",
      generateKeyPairSync("ec", { namedCurve: "P-256" })
        .privateKey.export({ type: "pkcs8", format: "pem" })
        .toString(),
    );
    const signing = bankWith({
      oauth: { ...client, authentication: { method: "private_key_jwt", keyFile, keyId: "seal" } },
    });
    await expect(pageOf(await start(signing), signing)).rejects.toMatchObject({
      code: "oauth-client-refused",
    });
    const assertion =
      new URLSearchParams(String(bank.heard.at(-1)?.body)).get("client_assertion") ?? "";
    expect(decodeJwt(assertion)).toMatchObject({
      iss: "connector",
      sub: "connector",
      aud: bank.origin,
    });
    for (const [audience, aud] of [
      ["token-endpoint", "/oauth/token"],
      ["endpoint", "/oauth/par"],
    ] as const) {
      const naming = bankWith({
        oauth: { ...client, authentication: { method: "private_key_jwt", keyFile, audience } },
      });
      await expect(pageOf(await start(naming), naming)).rejects.toMatchObject({
        code: "oauth-client-refused",
      });
      expect(
        decodeJwt(
          new URLSearchParams(String(bank.heard.at(-1)?.body)).get("client_assertion") ?? "",
        ),
      ).toMatchObject({ aud: `${bank.origin}${aud}` });
    }
    const { cert, key } = makeCertificate("the connector", {
      notBefore: new Date(Date.now() - 86_400_000),
      notAfter: new Date(Date.now() + 86_400_000),
    });
    const certified = bankWith({
      oauth: { ...client, authentication: { method: "tls_client_auth" } },
      tls: { cert: file("cert.pem", cert), key: file("cert.key", key) },
    });
    bank.oauth.metadata = {
      mtls_endpoint_aliases: {
        pushed_authorization_request_endpoint: `${bank.origin}/oauth/by-certificate`,
      },
    };
    bank.spoil({
      at: "/oauth/by-certificate",
      status: 201,
      body: { request_uri: "urn:x", expires_in: 60 },
    });
    expect((await pageOf(await start(certified), certified)).searchParams.get("request_uri")).toBe(
      "urn:x",
    );
    const sent = bank.heard.at(-1);
    expect(sent?.path).toBe("/oauth/by-certificate");
    expect(sent?.headers.authorization).toBeUndefined();
    expect([...new URLSearchParams(String(sent?.body)).keys()]).toEqual(
      expect.arrayContaining(["client_id"]),
    );
    expect(String(sent?.body)).not.toMatch(/client_(secret|assertion)/);
  });
  test("lets a reload, a press of the button and a return without an answer change nothing", async () => {
    const asked = await start();
    for (const query of ["", "x=1", "iss=https://evil.example"])
      expect(await back(asked, query)).toEqual({ ...asked, otherWay: false, lang: undefined });
    expect(await back(asked, await yes(asked))).toMatchObject(authorised);
  });
  test("lets the person go again after a no, with a consent and a secret of its own, and the old consent can be undone", async () => {
    const asked = await start();
    const no = await press(await pageOf(asked), "No, go back");
    const again = await back(asked, no);
    expect(again).toMatchObject({ problem: "denied", challenge: { kind: "redirect" } });
    expect(idOf(again)).not.toBe(idOf(asked));
    await undo(asked);
    expect(heard().filter((line) => line.startsWith("DELETE"))).toEqual(["DELETE /v1/consents/C"]);
    expect(pendingOf(again).state).not.toMatchObject({
      consent: (pendingOf(asked).state as { consent: string }).consent,
    });
    // The same answer once more, by a reload, is one to the page before.
    expect(await back(again, no)).not.toHaveProperty("problem");
    expect(await back(again, await yes(again))).toMatchObject(authorised);
  });
  test("ends with the no where the bank says it, too", async () => {
    const asked = await start();
    const no = await press(await pageOf(asked), "No, go back");
    bank.decide("failed");
    expect(await back(asked, no)).toEqual({ type: "refused", reason: "denied" });
  });
  test("sends nobody there for ever", async () => {
    let result = await start();
    for (let times = 0; times < 12 && result.type === "challenge"; times += 1)
      result = await back(result, `error=access_denied&iss=${bank.origin}&x=${times}`);
    expect(result).toEqual({ type: "refused", reason: "not-approved" });
  });
  test.each([
    ["of another server", (query: URLSearchParams) => query.set("iss", "https://evil.example")],
    ["of nobody, though this one says who it is", (query: URLSearchParams) => query.delete("iss")],
    ["of two servers", (query: URLSearchParams) => query.append("iss", "https://evil.example")],
  ])("takes an answer %s to no token endpoint", async (_, change) => {
    const asked = await start();
    const query = await yes(asked);
    change(query);
    expect(await back(asked, query)).toMatchObject({ problem: "expired" });
    expect(heard()).not.toContain("POST /oauth/token");
  });
  test("is worth nothing with a code of another flow", async () => {
    const [ours, others] = [await start(), await start()];
    expect(await back(ours, await yes(others))).toMatchObject({ problem: "expired" });
  });
  test("names the consent alike before and with its token, which deletes it", async () => {
    const asked = await start();
    const done = await back(asked, await yes(asked));
    expect(idOf(done)).toBe(idOf(asked));
    await undo(done);
    expect(heard().at(-1)).toBe("DELETE /v1/consents/C");
    expect(bank.heard.at(-1)?.headers.authorization).toMatch(/^Bearer /);
    await undo(asked);
    expect(bank.heard.at(-1)?.headers.authorization).toBeUndefined();
  });
  test("grants the token with the consent, since the accounts are read with both", async () => {
    const asked = await start();
    expect(await back(asked, await yes(asked))).toMatchObject({
      grant: {
        consentId: (pendingOf(asked).state as { consent: string }).consent,
        token: {
          accessToken: expect.any(String) as string,
          refreshToken: expect.any(String) as string,
          tokenType: "bearer",
          expiresAt: expect.stringMatching(/^\d{4}-.+Z$/) as string,
        },
      },
    });
  });
  test("undoes the consent with its token where the accounts cannot be read: neither can be had again", async () => {
    const asked = await start();
    const query = await yes(asked);
    bank.spoil({ at: "GET /v1/accounts", status: 503 });
    const told: Undo[] = [];
    const request = { ...base, ...pendingOf(asked) };
    await expect(
      adapter.answer(
        { ...request, answer: { kind: "redirect", value: { query: query.toString() } } },
        { ...call(), mustUndo: (one) => void told.push(one) },
      ),
    ).rejects.toMatchObject({ name: "RemoteFault" });
    expect(told).toMatchObject([
      { id: idOf(asked), state: { accessToken: expect.any(String) as string } },
    ]);
  });
  test.each(["invalid_grant", "invalid_code"])(
    "is told by %s that a code is used up, also in an answer that has a challenge",
    async (error) => {
      const asked = await start();
      const query = await yes(asked);
      bank.spoil({
        at: "/oauth/token",
        status: 400,
        headers: { "www-authenticate": 'Basic realm="bank"' },
        body: { error },
      });
      expect(await back(asked, query)).toMatchObject({ problem: "expired" });
    },
  );
  test("keeps no token in its state, and a bank that is away can be asked again", async () => {
    const asked = await start();
    const query = await yes(asked);
    bank.spoil({ at: "/oauth/token", status: 503 });
    await expect(back(asked, query)).rejects.toMatchObject({
      name: "RemoteFault",
      code: "bank-unavailable",
    });
    expect(JSON.stringify(pendingOf(asked).state)).not.toContain("Bearer");
    expect(await back(asked, query)).toMatchObject(authorised);
  });
});

describe("a server that", () => {
  const elsewhere = "https://login.evil.example";
  test.each<[string, Record<string, unknown>, string]>([
    [
      "has its token endpoint on a host that the entry does not list",
      { token_endpoint: `${elsewhere}/token` },
      "oauth-host-not-configured",
    ],
    [
      "has its page there",
      { authorization_endpoint: `${elsewhere}/page` },
      "oauth-host-not-configured",
    ],
    [
      "takes pushed requests there",
      { pushed_authorization_request_endpoint: `${elsewhere}/par` },
      "oauth-host-not-configured",
    ],
    [
      "has its endpoints for certificates there",
      { mtls_endpoint_aliases: { token_endpoint: `${elsewhere}/token` } },
      "oauth-host-not-configured",
    ],
    ["says it is another one", { issuer: elsewhere }, "oauth-host-not-configured"],
    [
      "says it is another one on its host",
      { issuer: `${bank.origin}/another` },
      "oauth-server-unfit",
    ],
    [
      "has a page that is a script",
      { authorization_endpoint: "javascript:alert(1)" },
      "oauth-host-not-configured",
    ],
    [
      "has a page behind a user name",
      { authorization_endpoint: `http://a@${new URL(bank.origin).host}/` },
      "oauth-host-not-configured",
    ],
    ["knows no S256", { code_challenge_methods_supported: ["plain"] }, "oauth-server-unfit"],
    ["names no token endpoint", { token_endpoint: null }, "oauth-server-unfit"],
  ])("%s ends the journey, before anybody is sent anywhere", async (_, metadata, code) => {
    bank.oauth.metadata = metadata;
    await expect(start()).rejects.toMatchObject({ name: "UnexpectedBankResponse", code });
    bank.oauth.metadata = {};
    const asked = await start();
    bank.oauth.metadata = metadata;
    await expect(pageOf(asked)).rejects.toMatchObject({ code });
  });
  const linkTo = (href: unknown) =>
    bank.spoil({
      at: "POST /v1/consents",
      status: 201,
      body: { consentStatus: "received", consentId: "c", _links: { scaOAuth: href } },
    });
  test.each<[unknown]>([
    [{ href: `${elsewhere}/.well-known/oauth-authorization-server` }],
    [{ href: "http://169.254.169.254/" }],
    [{}],
    [{ href: `/${"x".repeat(600)}` }],
    [{ href: "javascript:alert(1)" }],
  ])("is named by %j is not asked", async (href) => {
    linkTo(href);
    await expect(start()).rejects.toMatchObject({ code: "oauth-host-not-configured" });
    expect(heard()).toEqual(["POST /v1/consents"]);
  });
  test("stands on another host is asked where the entry lists it", async () => {
    const another = await startBerlinGroupBank();
    const link = { href: `${another.origin}/.well-known/oauth-authorization-server` };
    linkTo(link);
    await expect(start()).rejects.toMatchObject({ code: "oauth-host-not-configured" });
    linkTo(link);
    expect(
      await start(bankWith({ oauth: { ...client, hosts: [new URL(another.origin).host] } })),
    ).toMatchObject({ challenge: { kind: "redirect" }, state: { oauth: { server: link.href } } });
    expect(another.heard.map(({ path: at }) => at)).toEqual([
      "/.well-known/oauth-authorization-server",
    ]);
    await another.stop();
  });
  test.each([
    [503, {}, { name: "RemoteFault", code: "bank-unavailable" }],
    [404, {}, { name: "UnexpectedBankResponse", code: "oauth-server-unfit" }],
    [200, [], { name: "UnexpectedBankResponse", code: "oauth-server-unfit" }],
  ])("answers %i %j for its metadata is told as what it is", async (status, body, failure) => {
    bank.spoil({ at: ".well-known", status, body });
    await expect(start()).rejects.toMatchObject(failure);
  });
  test.each([
    [401, { error: "invalid_client" }, { code: "oauth-client-refused" }],
    [401, "no JSON", { code: "oauth-client-refused" }],
    [404, "no JSON", { code: "oauth-request-refused" }],
    [200, "no JSON", { code: "oauth-answer-unusable" }],
    [
      400,
      { error: "invalid_scope", error_description: "SECRET" },
      { code: "oauth-request-refused" },
    ],
    [200, { token_type: "Bearer" }, { code: "oauth-answer-unusable" }],
    [200, { access_token: "a b", token_type: "Bearer" }, { code: "oauth-answer-unusable" }],
  ])("answers %i %j for a token is told as what it is", async (status, body, failure) => {
    const asked = await start();
    const query = await yes(asked);
    bank.spoil({ at: "/oauth/token", status, body });
    const thrown: unknown = await back(asked, query).catch((error: unknown) => error);
    expect(thrown).toMatchObject({ name: "UnexpectedBankResponse", ...failure });
    expect(String(thrown)).not.toContain("SECRET");
  });
});

describe("an entry with OAuth", () => {
  const problems = (oauth: unknown) =>
    berlinGroupSettings
      .safeParse({ ...common, oauth })
      .error?.issues.map(({ path: at, message }) => `${at.join(".")}: ${message}`) ?? [];
  test.each<[unknown, string]>([
    [
      { ...client, authentication: { method: "tls_client_auth" } },
      "oauth.authentication: needs tls for tls_client_auth",
    ],
    [
      { ...client, authentication: { method: "none" } },
      "oauth.authentication.method: must have a method: client_secret_basic, " +
        "client_secret_post, private_key_jwt or tls_client_auth",
    ],
    [
      { ...client, authentication: { method: "private_key_jwt", keyFile: secretFile } },
      "oauth.authentication.keyFile: names a file without a private key (PEM or JWK)",
    ],
    [
      { ...client, hosts: ["https://login.bank.example"] },
      "oauth.hosts.0: is not a host name in lower case",
    ],
  ])("is refused: %j", (oauth, problem) => {
    expect(problems(oauth)).toContain(problem);
  });
});
