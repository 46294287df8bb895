import { randomUUID } from "node:crypto";
import { CompactSign, type CryptoKey, exportJWK, generateKeyPair } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../../clock/clock.ts";
import { createHttpClient } from "../../http/http.ts";
import { answerJson, type LocalServer, startLocalServer } from "../../sage/local-server.fixture.ts";
import { createProviderKeys } from "./provider-keys.ts";

const minuteMs = 60_000;
let server: LocalServer;
let published: unknown[] = [];
let status = 200;
let lateMs = 0;
const failures: unknown[] = [];
const clock = {
  ...systemClock,
  now: () => new Date(Date.now() + lateMs),
  monotonicMs: () => performance.now() + lateMs,
};

beforeAll(async () => {
  server = await startLocalServer((response) => answerJson(response, status, { keys: published }));
});
afterAll(() => server.close());
beforeEach(() => {
  status = 200;
  lateMs = server.requests.length = failures.length = 0;
});

const keyPair = async (kid?: string) => {
  const { privateKey, publicKey } = await generateKeyPair("ES256");
  return {
    privateKey,
    jwk: { ...(await exportJWK(publicKey)), ...(kid === undefined ? {} : { kid }) },
  };
};
const signed = (key: CryptoKey, kid?: string) =>
  new CompactSign(new TextEncoder().encode(randomUUID()))
    .setProtectedHeader({ alg: "ES256", ...(kid === undefined ? {} : { kid }) })
    .sign(key);
const verifier = () => {
  const keysAt = createProviderKeys({
    http: createHttpClient({ timeoutMs: 20_000 }),
    clock,
    algorithm: "ES256",
    notRefreshed: (error) => failures.push(error),
  });
  return (token: string) => keysAt(`${server.url}/jwks`, new AbortController().signal)(token);
};

describe("a key of the provider", () => {
  test("is fetched once for many tokens", async () => {
    const { privateKey, jwk } = await keyPair("one");
    published = [jwk];
    const verify = verifier();
    await Promise.all([
      verify(await signed(privateKey, "one")),
      verify(await signed(privateKey, "one")),
      verify(await signed(privateKey, "one")),
    ]);
    await verify(await signed(privateKey, "one"));
    expect(server.requests).toHaveLength(1);
  });
  test.each([
    ["another name", "two"],
    ["the same name", "one"],
    ["no name", undefined],
  ])("that was rotated a moment after the last fetch is fetched at once: %s", async (_, kid) => {
    const [old, rotated] = [await keyPair("one"), await keyPair(kid)];
    published = [old.jwk];
    const verify = verifier();
    await verify(await signed(old.privateKey, "one"));
    published = [rotated.jwk];
    await verify(await signed(rotated.privateKey, kid));
    expect(server.requests).toHaveLength(2);
  });
  test.each([
    ["a name that several have", "one"],
    ["no name at all", undefined],
  ])("is found by %s", async (_, kid) => {
    const pairs = [await keyPair(kid), await keyPair(kid), await keyPair(kid)];
    published = [
      { kty: "EC", crv: "P-256", kid, x: "nonsense" },
      {},
      ...pairs.map(({ jwk }) => jwk),
    ];
    const verify = verifier();
    for (const { privateKey } of pairs) await verify(await signed(privateKey, kid));
    expect(server.requests).toHaveLength(1);
  });
  test("is used on while it cannot be fetched again, for a day", async () => {
    const { privateKey, jwk } = await keyPair("one");
    published = [jwk];
    const verify = verifier();
    await verify(await signed(privateKey, "one"));
    status = 503;
    lateMs = 6 * minuteMs;
    await verify(await signed(privateKey, "one"));
    await verify(await signed(privateKey, "one"));
    expect(server.requests).toHaveLength(2);
    expect(failures).toMatchObject([{ name: "RemoteFault", code: "bank-unavailable" }]);
    lateMs = 25 * 60 * minuteMs;
    await expect(verify(await signed(privateKey, "one"))).rejects.toMatchObject({
      name: "RemoteFault",
      code: "bank-unavailable",
    });
  });
  test("that was withdrawn is not trusted for longer than a few minutes", async () => {
    const [old, next] = [await keyPair("one"), await keyPair("two")];
    published = [old.jwk];
    const verify = verifier();
    await verify(await signed(old.privateKey, "one"));
    published = [next.jwk];
    lateMs = 6 * minuteMs;
    await expect(verify(await signed(old.privateKey, "one"))).rejects.toMatchObject({
      name: "OpenIdError",
      code: "token-signature",
    });
  });
});

describe("a token of somebody else", () => {
  test("is refused, whatever key it names", async () => {
    const [ours, theirs] = [await keyPair("one"), await keyPair("two")];
    published = [ours.jwk];
    const verify = verifier();
    for (const kid of ["one", "two"])
      await expect(verify(await signed(theirs.privateKey, kid))).rejects.toMatchObject({
        name: "OpenIdError",
        code: "token-signature",
      });
  });
  test("does not have the keys fetched without end: whether its key is good stays open then", async () => {
    const [ours, theirs] = [await keyPair("one"), await keyPair("two")];
    published = [ours.jwk];
    const verify = verifier();
    await verify(await signed(ours.privateKey, "one"));
    for (let fetches = 1; fetches < 5; fetches += 1)
      await expect(verify(await signed(theirs.privateKey, "two"))).rejects.toMatchObject({
        code: "token-signature",
      });
    await expect(verify(await signed(theirs.privateKey, "two"))).rejects.toMatchObject({
      name: "RemoteFault",
      code: "keys-unavailable",
    });
    await expect(verify(await signed(theirs.privateKey, "one"))).rejects.toMatchObject({
      code: "token-signature",
    });
    await verify(await signed(ours.privateKey, "one"));
    expect(server.requests).toHaveLength(5);
    lateMs = minuteMs + 1;
    published = [ours.jwk, theirs.jwk];
    await verify(await signed(theirs.privateKey, "two"));
  });
});

test.each([
  ["no list", { keys: {} }],
  ["nothing", undefined],
])("keys that are %s are an answer that cannot be used", async (_, keys) => {
  published = keys as never;
  await expect(verifier()(await signed((await keyPair()).privateKey))).rejects.toMatchObject({
    name: "OpenIdError",
    code: "answer-unusable",
  });
});
