import {
  constants,
  createHmac,
  createSign,
  generateKeyPairSync,
  type KeyObject,
  sign as signBytes,
} from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { type Clock, systemClock } from "../clock/clock.ts";
import { createHttpClient } from "../http/http.ts";
import type { Log, LogFields } from "../log/log.ts";
import { answerJson, type LocalServer, startLocalServer } from "./local-server.fixture.ts";
import { createSenderVerifier, type SenderRefusal } from "./verify-sender.ts";

const issuer = "https://id.example.test/";
const audience = "urn:provider:notifications";
const authorizedParty = "banking-service";
const headerName = "x-notification-secret";
const live = "first-live-value-0123456789abcdefghij";
const alsoLive = "second-live-value-0123456789abcdefghi";

const rsa = (modulusLength = 2048) => generateKeyPairSync("rsa", { modulusLength });
const [current, next, stranger, weak] = [rsa(), rsa(), rsa(), rsa(1024)];
const curve = generateKeyPairSync("ec", { namedCurve: "P-256" });
const jwk = (publicKey: KeyObject, kid: string | undefined, more = {}) => ({
  ...publicKey.export({ format: "jwk" }),
  ...(kid ? { kid } : {}),
  use: "sig",
  ...more,
});

const start = Date.now();
const nowSeconds = Math.floor(start / 1000);
let elapsedMs = 0;
const clock: Clock = {
  ...systemClock,
  now: () => new Date(start + elapsedMs),
  monotonicMs: () => elapsedMs,
};

let logged: { event: string; fields: LogFields }[] = [];
const write = (event: string, fields: LogFields = {}) => void logged.push({ event, fields });
const log: Log = { debug: write, info: write, warn: write, error: write };

let published: object[] = [];
let away = false;
let sageId: LocalServer;
let attacker: LocalServer;
const http = createHttpClient({ timeoutMs: 10_000 });

beforeAll(async () => {
  sageId = await startLocalServer((response) =>
    away ? answerJson(response, 500, {}) : answerJson(response, 200, { keys: published }),
  );
  attacker = await startLocalServer((response) =>
    answerJson(response, 200, { keys: [jwk(stranger.publicKey, "theirs")] }),
  );
});
afterAll(() => Promise.all([sageId.close(), attacker.close()]));

beforeEach(() => {
  elapsedMs = 0;
  logged = [];
  away = false;
  sageId.requests.length = 0;
  published = [
    jwk(current.publicKey, "k1"),
    jwk(next.publicKey, "k2"),
    jwk(curve.publicKey, "ec"),
    jwk(stranger.publicKey, "enc", { use: "enc" }),
    jwk(weak.publicKey, "weak"),
  ];
  // jose measures the age of its keys by this clock.
  vi.spyOn(Date, "now").mockImplementation(() => start + elapsedMs);
});
afterEach(() => vi.restoreAllMocks());

/** A verifier that has no keys yet. */
function verifier({ headerValues = [live, alsoLive], jwksUrl = `${sageId.url}/jwks.json` } = {}) {
  return createSenderVerifier(
    {
      notification: { headerName, headerValues },
      sageId: { issuer, audience, authorizedParty, jwksUrl },
    },
    { http, clock, log },
  );
}

const goodClaims = {
  iss: issuer,
  aud: audience,
  azp: authorizedParty,
  sub: "service",
  iat: nowSeconds - 10,
  nbf: nowSeconds - 10,
  exp: nowSeconds + 86_400 * 7,
};
const part = (value: unknown) =>
  Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
const rs256 = (input: string, key = current.privateKey) =>
  createSign("sha256").update(input).sign(key).toString("base64url");

/** A token as an attacker may build it: any header, any payload, any way of signing. */
function token({
  header = {},
  claims = {},
  payload,
  sign = rs256,
}: {
  header?: object | string;
  claims?: object;
  payload?: unknown;
  sign?: (input: string) => string;
} = {}) {
  const head = part(
    typeof header === "string" ? header : { alg: "RS256", typ: "JWT", kid: "k1", ...header },
  );
  const input = `${head}.${part(payload ?? { ...goodClaims, ...claims })}`;
  return `${input}.${sign(input)}`;
}

const send = (authorization: string | undefined, secret: string | undefined = live) =>
  new Headers({
    ...(authorization === undefined ? {} : { authorization }),
    [headerName]: secret,
  });
const bearer = (...made: Parameters<typeof token>) => send(`Bearer ${token(...made)}`);
const withoutHeader = () => {
  const headers = bearer();
  headers.delete(headerName);
  return headers;
};
const repeated = (name: string, value: string) => {
  const headers = bearer();
  headers.append(name, value);
  return headers;
};
const without = (claim: keyof typeof goodClaims) => ({ [claim]: undefined });
const strangers = (input: string) => rs256(input, stranger.privateKey);
const unsigned = () => "";
const rsaSigned =
  (hash: string, padding = constants.RSA_PKCS1_PADDING) =>
  (input: string) =>
    signBytes(hash, Buffer.from(input), {
      key: current.privateKey,
      padding,
      saltLength: 32,
    }).toString("base64url");
const withPublicKeyAsSecret = (input: string) =>
  createHmac("sha256", current.publicKey.export({ format: "pem", type: "spki" }))
    .update(input)
    .digest("base64url");

describe("a sender that is trusted", () => {
  it.each<[string, () => Headers]>([
    ["Bearer and the token", () => bearer()],
    ["bearer in lower case", () => send(`bearer ${token()}`)],
    ["BEARER and several spaces", () => send(`BEARER   ${token()}`)],
    ["the bare token", () => send(token())],
    ["the second live header value", () => send(`Bearer ${token()}`, alsoLive)],
    [
      "several audiences, ours among them",
      () => bearer({ claims: { aud: ["urn:other", audience] } }),
    ],
    [
      "a token without iat and nbf",
      () => bearer({ claims: { ...without("iat"), ...without("nbf") } }),
    ],
    ["a token that expired 59 s ago", () => bearer({ claims: { exp: nowSeconds - 59 } })],
    [
      "a token valid in 60 s",
      () => bearer({ claims: { nbf: nowSeconds + 60, iat: nowSeconds + 60 } }),
    ],
    [
      "the second published key",
      () => bearer({ header: { kid: "k2" }, sign: (input) => rs256(input, next.privateKey) }),
    ],
    [
      "a jku, x5u and jwk nobody reads",
      () =>
        bearer({
          header: { jku: attacker.url, x5u: attacker.url, jwk: jwk(stranger.publicKey, "k1") },
        }),
    ],
  ])("sends %s", async (_name, headers) => {
    expect(await verifier()(headers())).toEqual({ type: "trusted" });
    expect(attacker.requests).toEqual([]);
  });

  it("may have any azp, or none, where no authorised party is set", async () => {
    const settings = {
      notification: { headerName, headerValues: [live] },
      sageId: { issuer, audience, authorizedParty: undefined, jwksUrl: sageId.url },
    };
    expect(
      await createSenderVerifier(settings, { http, clock, log })(
        bearer({ claims: without("azp") }),
      ),
    ).toEqual({ type: "trusted" });
    expect(
      await createSenderVerifier(settings, { http, clock, log })(
        bearer({ claims: { azp: "someone-else" } }),
      ),
    ).toEqual({ type: "trusted" });
  });

  it("sends the one live value where there is one", async () => {
    const verify = verifier({ headerValues: [live] });
    expect(await verify(bearer())).toEqual({ type: "trusted" });
    expect(await verify(send(`Bearer ${token()}`, alsoLive))).toEqual({
      type: "refused",
      reason: "header-wrong",
    });
  });

  it("may leave the key id out while Sage ID publishes one key", async () => {
    published = [jwk(current.publicKey, "k1")];
    expect(await verifier()(bearer({ header: { kid: undefined } }))).toEqual({ type: "trusted" });
  });
});

const badSenders: [string, SenderRefusal, () => Headers][] = [
  ["no secret header", "header-missing", withoutHeader],
  ["nothing at all", "header-missing", () => new Headers()],
  ["an empty secret header", "header-wrong", () => send(`Bearer ${token()}`, "")],
  [
    "another secret",
    "header-wrong",
    () => send(`Bearer ${token()}`, live.replace("first", "third")),
  ],
  [
    "the secret and one character more",
    "header-wrong",
    () => send(`Bearer ${token()}`, `${live}x`),
  ],
  [
    "the beginning of the secret",
    "header-wrong",
    () => send(`Bearer ${token()}`, live.slice(0, -1)),
  ],
  ["the secret in capitals", "header-wrong", () => send(`Bearer ${token()}`, live.toUpperCase())],
  ["the secret twice", "header-wrong", () => repeated(headerName, live)],
  ["both live values joined", "header-wrong", () => repeated(headerName, alsoLive)],
  ["no Authorization", "token-missing", () => send(undefined)],
  ["an empty Authorization", "token-missing", () => send("")],
  ["Bearer without a token", "token-malformed", () => send("Bearer ")],
  ["another scheme", "token-malformed", () => send(`Basic ${token()}`)],
  ["Bearer twice", "token-malformed", () => send(`Bearer Bearer ${token()}`)],
  ["a tab after Bearer", "token-malformed", () => send(`Bearer\t${token()}`)],
  ["two tokens", "token-malformed", () => repeated("authorization", `Bearer ${token()}`)],
  ["a token and a comma", "token-malformed", () => send(`Bearer ${token()},`)],
  ["a padded token", "token-malformed", () => send(`Bearer ${token()}=`)],
  [
    "a token over 16 KiB",
    "token-malformed",
    () => bearer({ claims: { filler: "x".repeat(13_000) } }),
  ],
  ["two parts", "token-malformed", () => send(token().split(".").slice(0, 2).join("."))],
  ["four parts", "token-malformed", () => send(`${token()}.x`)],
  ["five parts, like a JWE", "token-malformed", () => send(`${token()}.x.x`)],
  [
    "no signature and alg none",
    "token-malformed",
    () => bearer({ header: { alg: "none" }, sign: unsigned }),
  ],
  ["alg none and some signature", "token-algorithm", () => bearer({ header: { alg: "none" } })],
  ["alg None", "token-algorithm", () => bearer({ header: { alg: "None" } })],
  [
    "HS256 with the public key as secret",
    "token-algorithm",
    () => bearer({ header: { alg: "HS256" }, sign: withPublicKeyAsSecret }),
  ],
  [
    "ES256 with a published key",
    "token-algorithm",
    () =>
      bearer({
        header: { alg: "ES256", kid: "ec" },
        sign: (input) =>
          signBytes("sha256", Buffer.from(input), {
            key: curve.privateKey,
            dsaEncoding: "ieee-p1363",
          }).toString("base64url"),
      }),
  ],
  [
    "PS256 with a published key",
    "token-algorithm",
    () =>
      bearer({
        header: { alg: "PS256" },
        sign: rsaSigned("sha256", constants.RSA_PKCS1_PSS_PADDING),
      }),
  ],
  [
    "RS384",
    "token-algorithm",
    () => bearer({ header: { alg: "RS384" }, sign: rsaSigned("sha384") }),
  ],
  [
    "RS512",
    "token-algorithm",
    () => bearer({ header: { alg: "RS512" }, sign: rsaSigned("sha512") }),
  ],
  ["alg rs256", "token-algorithm", () => bearer({ header: { alg: "rs256" } })],
  ["no alg", "token-malformed", () => bearer({ header: { alg: undefined } })],
  ["a number as alg", "token-malformed", () => bearer({ header: { alg: 256 } })],
  ["a header that is no JSON", "token-malformed", () => bearer({ header: "alg=RS256" })],
  ["a header that is a list", "token-malformed", () => bearer({ header: '["RS256"]' })],
  [
    "an unknown critical extension",
    "token-malformed",
    () => bearer({ header: { crit: ["exp"], exp: 1 } }),
  ],
  [
    "the critical extension jose knows",
    "token-malformed",
    () => bearer({ header: { crit: ["b64"], b64: true } }),
  ],
  ["an empty crit", "token-malformed", () => bearer({ header: { crit: [] } })],
  ["an unknown key id", "token-key-unknown", () => bearer({ header: { kid: "k3" } })],
  [
    "no key id, with several keys",
    "token-key-unknown",
    () => bearer({ header: { kid: undefined } }),
  ],
  ["a number as key id", "token-key-unknown", () => bearer({ header: { kid: 1 } })],
  [
    "a key published for encryption",
    "token-key-unknown",
    () => bearer({ header: { kid: "enc" }, sign: strangers }),
  ],
  ["a curve key under RS256", "token-key-unknown", () => bearer({ header: { kid: "ec" } })],
  ["a stranger's signature", "token-signature", () => bearer({ sign: strangers })],
  [
    "a stranger's signature and key in jwk",
    "token-signature",
    () => bearer({ header: { jwk: jwk(stranger.publicKey, "k1") }, sign: strangers }),
  ],
  [
    "a stranger's key behind jku and x5u",
    "token-key-unknown",
    () =>
      bearer({ header: { kid: "theirs", jku: attacker.url, x5u: attacker.url }, sign: strangers }),
  ],
  [
    "another published key's signature",
    "token-signature",
    () => bearer({ sign: (input) => rs256(input, next.privateKey) }),
  ],
  [
    "another payload than was signed",
    "token-signature",
    () => bearer({ sign: () => token().split(".")[2] ?? "", claims: { sub: "me" } }),
  ],
  ["a signature cut short", "token-signature", () => send(token().slice(0, -8))],
  ["a signature that is no base64url", "token-malformed", () => bearer({ sign: () => "a" })],
  [
    "a weak key",
    "keys-unavailable",
    () => bearer({ header: { kid: "weak" }, sign: (input) => rs256(input, weak.privateKey) }),
  ],
  ["a payload that is no JSON", "token-malformed", () => bearer({ payload: "hello" })],
  ["a payload that is a list", "token-malformed", () => bearer({ payload: [goodClaims] })],
  ["no issuer", "token-issuer", () => bearer({ claims: without("iss") })],
  [
    "another issuer",
    "token-issuer",
    () => bearer({ claims: { iss: "https://id.example.test.evil.test/" } }),
  ],
  [
    "the issuer without its slash",
    "token-issuer",
    () => bearer({ claims: { iss: issuer.slice(0, -1) } }),
  ],
  [
    "the issuer in capitals",
    "token-issuer",
    () => bearer({ claims: { iss: issuer.toUpperCase() } }),
  ],
  ["a list of issuers", "token-issuer", () => bearer({ claims: { iss: [issuer] } })],
  ["no audience", "token-audience", () => bearer({ claims: without("aud") })],
  ["another audience", "token-audience", () => bearer({ claims: { aud: "urn:other" } })],
  ["a longer audience", "token-audience", () => bearer({ claims: { aud: `${audience}:admin` } })],
  [
    "a list without our audience",
    "token-audience",
    () => bearer({ claims: { aud: ["urn:a", "urn:b"] } }),
  ],
  [
    "an object as audience",
    "token-audience",
    () => bearer({ claims: { aud: { [audience]: true } } }),
  ],
  ["no authorised party", "token-authorised-party", () => bearer({ claims: without("azp") })],
  [
    "another authorised party",
    "token-authorised-party",
    () => bearer({ claims: { azp: "someone-else" } }),
  ],
  ["no expiry", "token-claims", () => bearer({ claims: without("exp") })],
  ["an expiry in words", "token-claims", () => bearer({ claims: { exp: "tomorrow" } })],
  ["an expiry of null", "token-claims", () => bearer({ claims: { exp: null } })],
  [
    "a token that expired a minute ago",
    "token-expired",
    () => bearer({ claims: { exp: nowSeconds - 60 } }),
  ],
  ["a token that never was", "token-expired", () => bearer({ claims: { exp: 0 } })],
  [
    "a token not yet valid",
    "token-not-yet-valid",
    () => bearer({ claims: { nbf: nowSeconds + 62 } }),
  ],
  [
    "a token issued tomorrow",
    "token-not-yet-valid",
    () => bearer({ claims: { iat: nowSeconds + 86_400 } }),
  ],
  ["an nbf in words", "token-not-yet-valid", () => bearer({ claims: { nbf: "now" } })],
  ["an iat in words", "token-claims", () => bearer({ claims: { iat: "now" } })],
];

it("a token expires by our clock", async () => {
  const verify = verifier();
  const headers = bearer({ claims: { exp: nowSeconds + 3600 } });
  elapsedMs = 3_650_000;
  expect(await verify(headers)).toEqual({ type: "trusted" });
  elapsedMs = 3_661_000;
  expect(await verify(headers)).toEqual({ type: "refused", reason: "token-expired" });
});

it.each([false, true])(
  "a token is over to the millisecond a minute after its expiry (verified before: %s)",
  async (before) => {
    const verify = verifier();
    const headers = bearer({ claims: { exp: nowSeconds + 3600 } });
    const overAtMs = (nowSeconds + 3660) * 1000 - start;
    elapsedMs = overAtMs - 1;
    if (before) expect(await verify(headers)).toEqual({ type: "trusted" });
    elapsedMs = overAtMs;
    expect(await verify(headers)).toEqual({ type: "refused", reason: "token-expired" });
  },
);

it("a token may be issued as late as in a minute", async () => {
  elapsedMs = (nowSeconds + 1) * 1000 - start;
  expect(await verifier()(bearer({ claims: { iat: nowSeconds + 61 } }))).toEqual({
    type: "trusted",
  });
  expect(await verifier()(bearer({ claims: { iat: nowSeconds + 62 } }))).toEqual({
    type: "refused",
    reason: "token-not-yet-valid",
  });
});

describe("a token that comes again", () => {
  it("costs no signature, as one that differs does", async () => {
    const reckoned = vi.spyOn(crypto.subtle, "verify");
    const verify = verifier();
    const headers = bearer();
    for (let time = 1; time <= 3; time++)
      expect(await verify(headers)).toEqual({ type: "trusted" });
    expect(reckoned).toHaveBeenCalledTimes(1);
    expect(await verify(bearer({ claims: { jti: "another" } }))).toEqual({ type: "trusted" });
    expect(reckoned).toHaveBeenCalledTimes(2);
  });

  it("is good for as long as its key is the published one", async () => {
    published = [jwk(current.publicKey, "k1")];
    const verify = verifier();
    const headers = bearer();
    for (let time = 1; time <= 3; time++)
      expect(await verify(headers)).toEqual({ type: "trusted" });
    // The same name, another key.
    published = [jwk(next.publicKey, "k1"), jwk(curve.publicKey, "ec")];
    elapsedMs += 31_000;
    expect(await verify(bearer({ header: { kid: "unknown" } }))).toEqual({
      type: "refused",
      reason: "token-key-unknown",
    });
    expect(await verify(headers)).toEqual({ type: "refused", reason: "token-signature" });
  });

  it.each<[string, SenderRefusal, () => Headers]>([
    ["another signature", "token-signature", () => send(token({ sign: strangers }))],
    [
      "another payload",
      "token-signature",
      () => bearer({ sign: () => token().split(".")[2] ?? "", claims: { sub: "me" } }),
    ],
    [
      "another header",
      "token-signature",
      () => bearer({ header: { typ: "at+jwt" }, sign: () => token().split(".")[2] ?? "" }),
    ],
    ["the wrong secret beside it", "header-wrong", () => send(`Bearer ${token()}`, "wrong")],
  ])("lends nothing to %s", async (_name, reason, headers) => {
    const verify = verifier();
    expect(await verify(bearer())).toEqual({ type: "trusted" });
    expect(await verify(headers())).toEqual({ type: "refused", reason });
    expect(await verify(bearer())).toEqual({ type: "trusted" });
  });

  it("is still good after a hundred others", async () => {
    const verify = verifier();
    for (let count = 0; count <= 100; count++)
      expect(await verify(bearer({ claims: { jti: String(count) } }))).toEqual({ type: "trusted" });
    expect(await verify(bearer({ claims: { jti: "0" } }))).toEqual({ type: "trusted" });
  });
});

describe("a sender that is refused", () => {
  it.each(badSenders)("sends %s: %s", async (_name, reason, headers) => {
    const made = headers();
    expect(await verifier()(made)).toStrictEqual({ type: "refused", reason });
    expect(attacker.requests).toEqual([]);
    const secrets = [
      live,
      alsoLive,
      ...(made
        .get("authorization")
        ?.split(/[ .]/)
        .filter((piece) => piece.length > 8) ?? []),
    ];
    expect(secrets.filter((secret) => JSON.stringify(logged).includes(secret))).toEqual([]);
  });

  it("costs no call to Sage ID when the header is wrong", async () => {
    const verify = verifier();
    for (const [, reason, headers] of badSenders)
      if (reason.startsWith("header-")) await verify(headers());
    expect(sageId.requests).toEqual([]);
  });

  it.each(
    badSenders.filter(([, reason]) => /issuer|audience|party|expired|valid|claims/.test(reason)),
  )(
    "is explained to the operator when the signature is good: %s",
    async (_name, reason, headers) => {
      await verifier()(headers());
      expect(logged).toEqual([
        {
          event: "notification token refused",
          fields: expect.objectContaining({ reason }) as LogFields,
        },
      ]);
      expect(Object.keys(logged[0]?.fields ?? {}).sort()).toEqual([
        "audience",
        "authorisedParty",
        "issuer",
        "reason",
      ]);
    },
  );

  it("is explained with what the token carries, cut to a bearable length", async () => {
    await verifier()(
      bearer({
        claims: {
          iss: "x".repeat(1000),
          aud: Array.from({ length: 50 }, (_, index) => `a${index}`),
          azp: 7,
        },
      }),
    );
    const { issuer: shown, audience: audiences, authorisedParty } = logged[0]?.fields ?? {};
    expect([shown?.length, audiences?.length, authorisedParty]).toEqual([200, 10, "(number)"]);
  });

  it("is told the operator when its key is published and of no use", async () => {
    await verifier()(
      bearer({ header: { kid: "weak" }, sign: (input) => rs256(input, weak.privateKey) }),
    );
    expect(logged).toEqual([
      { event: "keys of Sage ID not usable", fields: expect.anything() as LogFields },
    ]);
  });

  it("is not explained when anybody could have written the token", async () => {
    const verify = verifier();
    for (const [, reason, headers] of badSenders)
      if (/signature|algorithm|malformed|unknown/.test(reason)) await verify(headers());
    expect(logged).toEqual([]);
  });
});

describe("the keys of Sage ID", () => {
  const minuteMs = 60_000;

  it("are fetched once for many first tokens and kept", async () => {
    const verify = verifier();
    const verdicts = await Promise.all(Array.from({ length: 50 }, () => verify(bearer())));
    expect(verdicts.every(({ type }) => type === "trusted")).toBe(true);
    elapsedMs += 9 * minuteMs;
    expect(await verify(bearer())).toEqual({ type: "trusted" });
    expect(sageId.requests).toHaveLength(1);
  });

  it("are fetched again for a key id that is new", async () => {
    published = [jwk(current.publicKey, "k1")];
    const verify = verifier();
    expect(await verify(bearer())).toEqual({ type: "trusted" });
    published = [jwk(next.publicKey, "k2")];
    elapsedMs += 31_000;
    expect(
      await verify(
        bearer({ header: { kid: "k2" }, sign: (input) => rs256(input, next.privateKey) }),
      ),
    ).toEqual({ type: "trusted" });
    expect(await verify(bearer())).toEqual({ type: "refused", reason: "token-key-unknown" });
  });

  it("lose a withdrawn key within minutes, without anybody waiting for it", async () => {
    const verify = verifier();
    await verify(bearer());
    published = [jwk(next.publicKey, "k2")];
    elapsedMs += 11 * minuteMs;
    expect(await verify(bearer())).toEqual({ type: "trusted" });
    await vi.waitFor(async () =>
      expect(await verify(bearer())).toEqual({ type: "refused", reason: "token-key-unknown" }),
    );
    expect(sageId.requests).toHaveLength(2);
  });

  it("stay in use for a day while Sage ID is away, and no longer", async () => {
    const verify = verifier();
    await verify(bearer());
    away = true;
    for (let hour = 1; hour < 24; hour++) {
      elapsedMs += 60 * minuteMs;
      expect(await verify(bearer())).toEqual({ type: "trusted" });
    }
    elapsedMs += 61 * minuteMs;
    expect(await verify(bearer())).toEqual({ type: "refused", reason: "keys-unavailable" });
    away = false;
    elapsedMs += minuteMs;
    expect(await verify(bearer())).toEqual({ type: "trusted" });
  });

  it("cannot be had: the token is not judged, the reason is logged once, and a second later nobody asks again", async () => {
    away = true;
    const verify = verifier();
    const verdicts = await Promise.all(Array.from({ length: 20 }, () => verify(bearer())));
    expect(verdicts).toEqual(
      Array.from({ length: 20 }, () => ({ type: "refused", reason: "keys-unavailable" })),
    );
    expect(logged).toEqual([
      {
        event: "keys of Sage ID not fetched",
        fields: expect.objectContaining({ errorCode: "ERR_JOSE_GENERIC" }) as LogFields,
      },
    ]);
    elapsedMs += 1000;
    expect(await verify(bearer())).toEqual({ type: "refused", reason: "keys-unavailable" });
    expect([sageId.requests.length, logged.length]).toEqual([1, 1]);
    away = false;
    elapsedMs += 4000;
    expect(await verify(bearer())).toEqual({ type: "trusted" });
  });

  it("are not there to be had from an address that does not answer, or answers something else", async () => {
    const [garbage, redirecting] = await Promise.all([
      startLocalServer((response) => response.end("<html>")),
      startLocalServer((response) =>
        response.writeHead(302, { location: `${attacker.url}/jwks` }).end(),
      ),
    ]);
    const gone = await startLocalServer(() => undefined);
    await gone.close();
    for (const { url } of [garbage, redirecting, gone]) {
      expect(await verifier({ jwksUrl: url })(bearer())).toEqual({
        type: "refused",
        reason: "keys-unavailable",
      });
    }
    expect(attacker.requests).toEqual([]);
    await Promise.all([garbage.close(), redirecting.close()]);
  });

  it("leave an unknown key id open while Sage ID is away, since it may be a new one", async () => {
    const verify = verifier();
    await verify(bearer());
    away = true;
    elapsedMs += minuteMs;
    expect(await verify(bearer({ header: { kid: "k3" } }))).toEqual({
      type: "refused",
      reason: "keys-unavailable",
    });
    expect(await verify(bearer())).toEqual({ type: "trusted" });
  });

  describe("and a key id that they lack a moment after they were fetched", () => {
    const withKey = (kid: string) =>
      bearer({ header: { kid }, sign: (input) => rs256(input, next.privateKey) });
    const unknown = { type: "refused", reason: "token-key-unknown" };
    const open = { type: "refused", reason: "keys-unavailable" };

    it("is open until they may be fetched again, and then good: it may be a new one", async () => {
      published = [jwk(current.publicKey, "k1")];
      const verify = verifier();
      expect(await verify(bearer())).toEqual({ type: "trusted" });
      published.push(jwk(next.publicKey, "k2"));
      for (const seconds of [0, 10, 29]) {
        elapsedMs = seconds * 1000;
        expect(await verify(withKey("k2"))).toEqual(open);
      }
      expect(sageId.requests).toHaveLength(1);
      elapsedMs = 31_000;
      expect(await verify(withKey("k2"))).toEqual({ type: "trusted" });
    });

    it("is unknown where they were fetched for it, however often it comes", async () => {
      const verify = verifier();
      for (let time = 1; time <= 3; time++)
        expect(await verify(withKey("made-up"))).toEqual(unknown);
      expect(await verify(withKey("another"))).toEqual(open);
    });

    it("is unknown where it was withdrawn, is of another kind, or is none", async () => {
      published = [jwk(current.publicKey, "k1"), jwk(curve.publicKey, "ec")];
      const verify = verifier();
      expect(await verify(bearer())).toEqual({ type: "trusted" });
      expect(await verify(bearer({ header: { kid: "ec" } }))).toEqual(unknown);
      published = [jwk(next.publicKey, "k2"), jwk(weak.publicKey, "k3")];
      elapsedMs = 31_000;
      expect(await verify(withKey("k2"))).toEqual({ type: "trusted" });
      expect(await verify(bearer())).toEqual(unknown);
      expect(await verify(bearer({ header: { kid: undefined } }))).toEqual(unknown);
    });

    it.each<[string, SenderRefusal, { claims?: object; payload?: unknown; header?: object }]>([
      ["another issuer", "token-issuer", { claims: { iss: "https://id.evil.test/" } }],
      ["another audience", "token-audience", { claims: { aud: ["urn:other"] } }],
      ["another party", "token-authorised-party", { claims: { azp: "someone-else" } }],
      ["no expiry", "token-claims", { claims: without("exp") }],
      ["an expiry in the past", "token-expired", { claims: { exp: nowSeconds - 61 } }],
      ["a payload that is none", "token-malformed", { payload: "hello" }],
      ["another algorithm", "token-algorithm", { header: { alg: "RS512" } }],
      ["a critical extension", "token-malformed", { header: { crit: ["b64"], b64: true } }],
    ])("decides nothing beside %s, which no repeat would mend", async (_, reason, given) => {
      const verify = verifier();
      expect(await verify(bearer())).toEqual({ type: "trusted" });
      expect(
        await verify(bearer({ ...given, header: { kid: "made-up", ...given.header } })),
      ).toEqual({ type: "refused", reason });
      expect(logged).toEqual([]);
    });
  });

  it("may have members that are null", async () => {
    published = [
      {
        ...jwk(current.publicKey, "k1"),
        x5c: null,
        key_ops: null,
        ext: null,
        use: null,
        alg: null,
      },
    ];
    expect(await verifier()(bearer())).toEqual({ type: "trusted" });
  });

  it.each([false, true])(
    "are fetched at most twice in any minute under a flood of unknown key ids (Sage ID away: %s)",
    async (isAway) => {
      const verify = verifier();
      await verify(bearer());
      away = isAway;
      const fetchedAt = [0];
      const flood = send(token({ header: { kid: "k3" } }));
      for (let count = 0; count < 3000; count++) {
        elapsedMs += 100;
        // Now and then a thousand at the same moment.
        const together = Array.from({ length: count % 300 === 0 ? 1000 : 1 }, () => verify(flood));
        expect((await Promise.all(together)).some(({ type }) => type === "trusted")).toBe(false);
        while (fetchedAt.length < sageId.requests.length) fetchedAt.push(elapsedMs);
      }
      const busiest = Math.max(
        ...fetchedAt.map(
          (from) => fetchedAt.filter((at) => at >= from && at < from + minuteMs).length,
        ),
      );
      expect(busiest).toBeLessThanOrEqual(2);
      expect(fetchedAt.length).toBeGreaterThan(5);
      expect(await verify(bearer())).toEqual({ type: "trusted" });
    },
  );
});
