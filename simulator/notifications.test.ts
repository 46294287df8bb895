import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from "jose";
import { describe, expect, test } from "vitest";

import type { TokenOverrides } from "./control-api.ts";
import { startPair, type Pair } from "./start-with-fake-connector.fixture.ts";

/** Checks a token as a connector must (Sage’s developer pages, "POST notification"). */
function verify({ settings }: Pair, token: string) {
  const keys = createRemoteJWKSet(new URL(settings.SAGE_ID_JWKS_URL));
  return jwtVerify(token, keys, {
    algorithms: ["RS256"],
    issuer: settings.SAGE_ID_ISSUER,
    audience: settings.SAGE_ID_AUDIENCE,
    requiredClaims: ["exp"],
  });
}

describe("a notification", () => {
  test("has the documented body, the chosen header and a token that verifies", async () => {
    const pair = await startPair();
    const { authorisationId, notification } = await pair.client.createAuthorisation();
    const [received] = pair.connector.requests;
    expect(`${received?.method} ${received?.url.pathname}`).toBe("POST /notification");
    expect(received?.body).toBe(
      `{"type":"resourceCreated","resource":{"id":"${authorisationId}","type":"authorisation","url":"NA"},` +
        '"additionalData":{"bankId":"10aaeee6-4691-4443-8198-df39aaa8007c"}}',
    );
    expect(received?.headers["content-type"]).toBe("application/json");
    expect(received?.headers[pair.settings.NOTIFICATION_HEADER_NAME]).toBe(
      pair.settings.NOTIFICATION_HEADER_VALUES,
    );
    const [scheme, token = ""] = received?.headers.authorization?.split(" ") ?? [];
    expect(scheme).toBe("Bearer");
    const { payload } = await verify(pair, token);
    expect(payload["azp"]).toBe(pair.settings.SAGE_ID_AUTHORIZED_PARTY);
    expect(notification).toMatchObject({ status: 200, body: '{"received":true}', error: null });
  });

  test("has none of the headers by which a browser gives itself away", async () => {
    const { client, connector } = await startPair();
    await client.notify();
    const names = Object.keys(connector.requests[0]?.headers ?? {});
    expect(names.filter((name) => name.startsWith("sec-") || name === "accept-language")).toEqual(
      [],
    );
  });

  test("can be of the other documented kinds", async () => {
    const { client, connector } = await startPair();
    await client.notify({ kind: "bankAccountCreated", externalId: "a:b" });
    await client.notify({ kind: "bankAccountDeleted", externalId: "a:b" });
    const [created, deleted] = connector.requests.map(({ body }) => JSON.parse(body));
    expect(created).toMatchObject({ type: "resourceCreated", resource: { type: "bankAccount" } });
    expect(URL.canParse(created.resource.url)).toBe(true);
    expect(deleted).toMatchObject({
      type: "resourceDeleted",
      resource: { type: "bankAccount", url: "NA" },
      additionalData: { externalId: "a:b" },
    });
  });

  test("can be anything else a test wants on the wire", async () => {
    const { client, connector, settings } = await startPair();
    await client.notify({
      rawBody: '{"type":',
      path: "/notifications",
      headerValue: null,
      contentType: "text/plain",
    });
    await client.notify({ headerValue: "wrong", token: null, headers: { "x-more": "1" } });
    await client.notify({ token: "not.a.jwt", bareToken: true, body: [] });
    const [broken, unsigned, bare] = connector.requests;
    expect(broken).toMatchObject({ body: '{"type":', headers: { "content-type": "text/plain" } });
    expect(broken?.url.pathname).toBe("/notifications");
    expect(broken?.headers).not.toHaveProperty(settings.NOTIFICATION_HEADER_NAME);
    expect(unsigned?.headers).not.toHaveProperty("authorization");
    expect(unsigned?.headers).toMatchObject({
      [settings.NOTIFICATION_HEADER_NAME]: "wrong",
      "x-more": "1",
    });
    expect(bare).toMatchObject({ body: "[]", headers: { authorization: "not.a.jwt" } });
  });

  test("can be sent many times at once, and every answer comes back", async () => {
    const { client, connector } = await startPair();
    connector.notificationStatus = 503;
    const { status, answers } = await client.notify({ authorisationId: "same", times: 20 });
    expect(status).toBe(503);
    expect(answers).toHaveLength(20);
    expect(new Set(connector.requests.map(({ body }) => body)).size).toBe(1);
  });

  test("can be late: the authorisation exists before the connector hears of it", async () => {
    const { client, connector } = await startPair();
    const { authorisationId, notification } = await client.createAuthorisation({
      notify: { delayMs: 50 },
    });
    expect(notification).toBeNull();
    expect(connector.requests).toHaveLength(0);
    await expect
      .poll(async () => (await client.authorisation(authorisationId)).notification?.status)
      .toBe(200);
  });

  test("reports a connector that does not answer", async () => {
    const { client, connector } = await startPair();
    await connector.close();
    const { notification } = await client.createAuthorisation();
    expect(notification).toMatchObject({
      status: null,
      error: expect.stringContaining("ECONNREFUSED"),
    });
  });
});

describe("a token of bad making does not verify", () => {
  const cases: readonly [string, TokenOverrides, RegExp][] = [
    ["audience", { audience: "https://other.example/" }, /"aud"/],
    ["no audience", { audience: null }, /"aud"/],
    ["issuer", { issuer: "https://id.evil.example/" }, /"iss"/],
    ["expired", { expiresInSeconds: -60 }, /"exp"/],
    ["never expiring", { expiresInSeconds: null }, /"exp"/],
    ["not valid yet", { notBeforeSeconds: 600 }, /"nbf"/],
    ["kid", { kid: "nobody" }, /no applicable key/],
    ["RS512", { alg: "RS512" }, /"alg"/],
    ["HS256 with the public key", { alg: "HS256" }, /"alg"/],
    ["none", { alg: "none" }, /"alg"/],
    ["a key that is not published", { strangerKey: true }, /signature verification failed/],
  ];
  test.each(cases)("%s", async (_name, overrides, reason) => {
    const pair = await startPair();
    await expect(verify(pair, await pair.client.token(overrides))).rejects.toThrow(reason);
  });

  test("and one forged with a good key and algorithm does, so the forgery itself is sound", async () => {
    const pair = await startPair();
    const token = await pair.client.token({ alg: "RS256" });
    await expect(verify(pair, token)).resolves.toBeDefined();
  });

  test("claims and key name are laid over as given", async () => {
    const { client } = await startPair();
    const token = await client.token({ authorizedParty: "someone", claims: { sub: 7 }, kid: null });
    expect(decodeJwt(token)).toMatchObject({ azp: "someone", sub: 7 });
    expect(decodeProtectedHeader(token)).not.toHaveProperty("kid");
  });
});

describe("rotated keys", () => {
  test("verify new tokens, and old ones no more", async () => {
    const pair = await startPair();
    const old = await pair.client.token();
    await pair.client.rotateKeys();
    await expect(verify(pair, await pair.client.token())).resolves.toBeDefined();
    await expect(verify(pair, old)).rejects.toThrow(/no applicable key/);
  });

  test("verify old tokens too while the previous key stays published", async () => {
    const pair = await startPair();
    const old = await pair.client.token();
    await pair.client.rotateKeys({ keepPrevious: true });
    const fresh = await pair.client.token();
    await expect(verify(pair, old)).resolves.toBeDefined();
    await expect(verify(pair, fresh)).resolves.toBeDefined();
    expect(decodeProtectedHeader(fresh).kid).not.toBe(decodeProtectedHeader(old).kid);
  });
});
