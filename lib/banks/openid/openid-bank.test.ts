import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { SignJWT } from "jose";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { systemClock } from "../../clock/clock.ts";
import { createHttpClient, RemoteFault } from "../../http/http.ts";
import type { BankAdapter, BankRequest } from "../bank-adapter.ts";
import { pollSchema, bankResultSchema } from "../bank-adapter.ts";
import { testBankAdapter } from "../adapter-contract.ts";
import { createOpenidBank } from "./openid-bank.ts";
import {
  approvedAcr,
  type Client,
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
const refused: (string | undefined)[] = [];
const pings: string[] = [];
const pinged: string[] = [];
/** It stands still within a test, so that no machine is too slow for what is told in seconds. */
const clock = { ...systemClock, now: () => new Date(startedMs + lateMs) };
const quiet = {
  debug: () => undefined,
  info: () => undefined,
  warn: (_: string, fields: { reason?: string } = {}) => void refused.push(fields.reason),
  error: () => undefined,
};

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "openid-"));
  provider = await startOpenidProvider({
    redirectUri: "http://127.0.0.1:9/authrefresh/return",
    pings: async (authorization) => (pinged.push(authorization), 204),
  });
  writeFileSync(path.join(folder, "key.json"), JSON.stringify(provider.clientKey));
});
afterAll(async () => {
  await provider.close();
  await rm(folder, { recursive: true });
});
afterEach(() => {
  startedMs = Date.now();
  lateMs = 0;
  pinged.length = refused.length = pings.length = provider.asked.length = provider.calls.length = 0;
});

const entry = (clientId: Client, more: object = {}) => ({
  ...provider.entry(clientId, path.join(folder, "key.json")),
  flows: ["ciba", "authorization_code"],
  person: { label: "Customer name" },
  page: { opens: "frame" },
  ...more,
});
const bankOf = (clientId: Client = "polled", more: object = {}): BankAdapter =>
  createOpenidBank(openidSettings.parse(entry(clientId, more)), {
    clock,
    publicUrl: "http://127.0.0.1:9",
    bank: { id: "b", name: "Example Bank" },
    http: () => createHttpClient({ timeoutMs: 20_000, publicHosts: true }),
    log: quiet,
  });

const request: BankRequest = {
  bankId: "b",
  externalId: "the-account-asked-for",
  locale: "en-GB",
  returnAddress,
  redirectUrl: "http://127.0.0.1:9/authrefresh/handle/bank",
  clientNotificationToken: async () => {
    pings.push(randomUUID());
    return pings.at(-1) ?? "";
  },
};
const call = () => ({ signal: new AbortController().signal });
const hint = (username: string) => ({ kind: "credentials", value: { username } }) as const;
const start = async (bank: BankAdapter, who = "ada") =>
  asChallenge(await bank.start({ ...request, answer: hint(who) }, call()));
const poll = async (bank: BankAdapter, { challenge, state }: Challenged) =>
  pollSchema.parse(await bank.poll?.({ ...request, challenge, state }, call()));
const asChallenge = (given: unknown) => {
  const result = bankResultSchema.parse(given);
  if (result.type !== "challenge") throw new Error(result.type);
  expect(JSON.stringify(result.state).length).toBeLessThanOrEqual(4096);
  return result;
};
type Challenged = ReturnType<typeof asChallenge>;
const later = () => (lateMs += 6000);
const redirected = async (bank: BankAdapter, { challenge, state }: Challenged) => {
  const { url } = (await bank.redirectToBank?.({ ...request, challenge, state }, call())) ?? {
    url: "",
  };
  return url;
};
/** The person comes back; the wizard takes `state` out of the query. */
const back = async (bank: BankAdapter, { challenge, state }: Challenged, home: URL) => {
  const query = new URLSearchParams(home.search);
  query.delete("state");
  return bankResultSchema.parse(
    await bank.answer(
      {
        ...request,
        challenge,
        state,
        answer: { kind: "redirect", value: { query: query.toString() } },
      },
      call(),
    ),
  );
};
const secretsOf = ({ state }: Challenged) => {
  const { verifier, nonce } = state as { verifier: string; nonce: string };
  return [verifier, nonce];
};
const authorised = {
  type: "authorised",
  accounts: ["savings", "the-account-asked-for", "account"].map((externalId) => ({ externalId })),
};

/** What the provider answers for once, instead of what it would. */
const answers =
  (status: number, body: unknown): Interference =>
  (response) =>
    void response
      .writeHead(status, { "content-type": "application/json" })
      .end(JSON.stringify(body));
const cutsOff: Interference = (response) => void response.destroy();
const tokenCalls = () => provider.calls.filter((at) => at === "/token").length;
const bankRequest = () => {
  const request = provider.asked.at(-1);
  if (!request) throw new Error("the app was not asked");
  return request;
};

describe.each(["polled", "pinged"] as const)("in the app, %s", (client) => {
  test("a person approves the request that shows the same number, and the accounts are those the provider tells", async () => {
    const bank = bankOf(client);
    const asked = await start(bank);
    expect(asked).toMatchObject({
      otherWay: true,
      challenge: {
        kind: "approval",
        prompt: { matchNumber: bankRequest().params?.binding_message, status: "waiting" },
      },
    });
    later();
    expect(await poll(bank, asked)).toMatchObject({ type: "pending" });
    await provider.approve(bankRequest());
    later();
    expect(await poll(bank, asked)).toEqual(authorised);
  });
  test("a no is told in our words and not the bank’s, and a new request has a new number", async () => {
    const bank = bankOf(client);
    const asked = await start(bank);
    await provider.deny(bankRequest());
    later();
    const over = asChallenge(await poll(bank, asked));
    expect(over).toMatchObject({ problem: "denied", challenge: { prompt: { status: "over" } } });
    expect(JSON.stringify(over)).not.toContain("own words");
    const again = asChallenge(
      await bank.answer(
        {
          ...request,
          challenge: over.challenge,
          state: over.state,
          answer: { kind: "approval", value: { askAgain: true } },
        },
        call(),
      ),
    );
    expect(again).toMatchObject({
      notice: "asked-again",
      challenge: {
        prompt: { status: "waiting", matchNumber: bankRequest().params?.binding_message },
      },
    });
    await provider.approve(bankRequest());
    later();
    expect(await poll(bank, again)).toEqual(authorised);
  });
});

describe("in the app", () => {
  test("nothing is asked before the provider’s interval is over", async () => {
    const bank = bankOf();
    const asked = await start(bank);
    expect(await poll(bank, asked)).toEqual({ type: "pending", pollSeconds: 5 });
    expect(tokenCalls()).toBe(0);
  });
  test("a provider that wants us to slow down is asked more slowly from then on", async () => {
    const bank = bankOf();
    const asked = await start(bank);
    later();
    provider.interfere("/token", answers(400, { error: "slow_down" }));
    expect(await poll(bank, asked)).toEqual({ type: "pending", pollSeconds: 10 });
    expect(await poll(bank, asked)).toEqual({ type: "pending", pollSeconds: 10 });
    provider.interfere("/token", answers(400, { error: "slow_down" }));
    expect(await poll(bank, asked)).toEqual({ type: "pending", pollSeconds: 15 });
  });
  test("with pings it is asked at once after one, and seldom without; the ping carries the token of this journey", async () => {
    const bank = bankOf("pinged");
    const asked = await start(bank);
    expect(await poll(bank, asked)).toEqual({ type: "pending", pollSeconds: 30 });
    await provider.approve(bankRequest());
    expect(pinged).toEqual([`Bearer ${pings[0]}`]);
    expect(await poll(bank, asked)).toEqual(authorised);
  });
  test.each([
    ["that nobody answered", { error: "expired_token" }],
    ["whose tokens were lost on their way", { error: "invalid_grant" }],
  ])("a request %s has run out, is asked about no more, and can be sent again", async (_, said) => {
    const bank = bankOf();
    const asked = await start(bank);
    later();
    provider.interfere("/token", answers(400, said));
    const over = asChallenge(await poll(bank, asked));
    expect(over).toMatchObject({ problem: "expired", challenge: { prompt: { status: "over" } } });
    expect(await poll(bank, over)).toEqual({ type: "pending" });
  });
  test("somebody the provider does not know is asked again, and the right name is taken", async () => {
    const bank = bankOf();
    const wrong = await start(bank, "nobody");
    expect(wrong).toMatchObject({ problem: "wrong", challenge: { kind: "credentials" } });
    expect(
      await bank.answer(
        { ...request, challenge: wrong.challenge, state: wrong.state, answer: hint("ada") },
        call(),
      ),
    ).toMatchObject({ challenge: { kind: "approval" } });
  });
  test("a name that is empty is nobody’s, and no provider is asked about it", async () => {
    expect(await start(bankOf(), "")).toMatchObject({
      problem: "wrong",
      challenge: { kind: "credentials" },
    });
    expect(provider.calls).toEqual([]);
  });
  test.each([
    [
      "an answer to another question",
      ["ciba", "authorization_code"],
      { kind: "message", value: { read: true } },
    ],
    ["the wish for another way, where there is none,", ["ciba"], { kind: "other-way" }],
  ] as const)("%s makes no phone ring, and the question stays", async (_, flows, answer) => {
    const bank = bankOf("polled", { flows });
    const asked = await start(bank);
    expect(
      asChallenge(
        await bank.answer(
          { ...request, challenge: asked.challenge, state: asked.state, answer },
          call(),
        ),
      ),
    ).toEqual(asked);
    expect(provider.asked).toHaveLength(1);
  });
  test("a phone does not ring without end", async () => {
    const bank = bankOf();
    let asked = await start(bank);
    const again = async () =>
      bank.answer(
        {
          ...request,
          challenge: asked.challenge,
          state: asked.state,
          answer: { kind: "approval", value: { askAgain: true } },
        },
        call(),
      );
    expect(await again()).toMatchObject({ notice: "wait", waitSeconds: 10 });
    for (let times = 1; times < 5; times += 1) {
      lateMs += 11_000;
      asked = asChallenge(await again());
    }
    lateMs += 11_000;
    expect(await again()).toEqual({ type: "refused", reason: "not-approved" });
    expect(provider.asked).toHaveLength(5);
  });
  test("what was reached has to be what was asked for", async () => {
    const bank = bankOf("polled", { acrValues: [approvedAcr] });
    const asked = await start(bank);
    expect(bankRequest().params?.acr_values).toBe(approvedAcr);
    await provider.approve(bankRequest(), "urn:bank:weak");
    later();
    expect(await poll(bank, asked)).toEqual({ type: "refused", reason: "not-set-up" });
  });
  test.each([
    ["cuts the connection", cutsOff],
    ["says that it is away", answers(503, { error: "temporarily_unavailable" })],
    [
      "fails with a page",
      ((response) =>
        void response
          .writeHead(502, { "content-type": "text/html" })
          .end("<h1>Bad gateway</h1>")) satisfies Interference,
    ],
    ["has too much to do", answers(429, {})],
  ])("a provider that %s is away, at the start and later", async (_, does) => {
    const bank = bankOf();
    const asked = await start(bank);
    provider.interfere("/backchannel", does);
    await expect(start(bank)).rejects.toThrow(RemoteFault);
    later();
    provider.interfere("/token", does);
    await expect(poll(bank, asked)).rejects.toThrow(RemoteFault);
    await provider.approve(bankRequest());
    expect(await poll(bank, asked)).toEqual(authorised);
  });
  const idToken = async (claims: object) =>
    new SignJWT({
      sub: "ada",
      exp: Math.floor(Date.now() / 1000) + 60,
      accounts: ["the-account-asked-for"],
      ...claims,
    })
      .setProtectedHeader({ alg: "ES256", kid: "bank" })
      .setIssuedAt()
      .sign(
        (await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign"]))
          .privateKey,
      );
  test.each([
    ["nonsense", "answer-unusable", async () => ["nonsense <script>"]],
    ["no ID token", "answer-unusable", async () => ({ access_token: "a", token_type: "bearer" })],
    [
      "an ID token of another provider",
      "token-claims",
      async () => ({
        access_token: "a",
        token_type: "bearer",
        id_token: await idToken({ iss: "https://other.example", aud: "polled" }),
      }),
    ],
    [
      "an ID token for somebody else",
      "token-claims",
      async () => ({
        access_token: "a",
        token_type: "bearer",
        id_token: await idToken({ iss: provider.issuer, aud: "another" }),
      }),
    ],
    [
      "an ID token that is too old",
      "token-time",
      async () => ({
        access_token: "a",
        token_type: "bearer",
        id_token: await idToken({ iss: provider.issuer, aud: "polled", exp: 1000 }),
      }),
    ],
    [
      "an ID token of tomorrow, as with clocks that are off",
      "token-time",
      async () => ({
        access_token: "a",
        token_type: "bearer",
        id_token: await idToken({
          iss: provider.issuer,
          aud: "polled",
          nbf: Math.floor(Date.now() / 1000) + 24 * 3600,
          exp: Math.floor(Date.now() / 1000) + 48 * 3600,
        }),
      }),
    ],
    [
      "an ID token that somebody else signed",
      "token-signature",
      async () => ({
        access_token: "a",
        token_type: "bearer",
        id_token: await idToken({ iss: provider.issuer, aud: "polled" }),
      }),
    ],
    [
      "that it does not know us",
      "client-refused",
      async () => ({ error: "invalid_client", error_description: "<b>who?</b>" }),
    ],
  ])(
    "an answer with %s ends in a failure with a reason and no text of it",
    async (_, code, body) => {
      const bank = bankOf("polled", { accounts: { from: "id-token", path: ["accounts"] } });
      const asked = await start(bank);
      later();
      const said = await body();
      provider.interfere("/token", answers("error" in said ? 401 : 200, said));
      await expect(poll(bank, asked)).rejects.toMatchObject({
        name: "OpenIdError",
        code,
        message: code,
      });
    },
  );
  const sends =
    (status: number, text: string, headers: object = {}): Interference =>
    (response) =>
      void response.writeHead(status, { "content-type": "application/json", ...headers }).end(text);
  test.each<[string, Interference, object]>([
    [
      "is more than anybody can read",
      sends(200, JSON.stringify({ more: "x".repeat(300_000) })),
      { name: "RemoteFault", code: "too-large" },
    ],
    [
      "leads somewhere else",
      sends(307, "", { location: "http://169.254.169.254/token" }),
      { name: "RemoteFault", code: "redirected" },
    ],
    [
      "comes twice",
      sends(200, '{"access_token":"a","token_type":"bearer"}'.repeat(2)),
      { name: "OpenIdError", code: "answer-unusable" },
    ],
  ])("an answer that %s is none, and called nobody else", async (_, does, fault) => {
    const bank = bankOf();
    const asked = await start(bank);
    later();
    provider.interfere("/token", does);
    await expect(poll(bank, asked)).rejects.toMatchObject(fault);
  });
});

describe.each(["polled", "pinged"] as const)("on the page, %s", (client) => {
  test("a person says yes; the way there is pushed, and what the browser carries says nothing", async () => {
    const bank = bankOf(client, { flows: ["authorization_code"] });
    const asked = await start(bank);
    expect(asked).toMatchObject({
      otherWay: false,
      challenge: {
        kind: "redirect",
        prompt: { url: request.redirectUrl, opens: "frame" },
      },
    });
    const url = await redirected(bank, asked);
    expect([...new URL(url).searchParams.keys()].sort()).toEqual(["client_id", "request_uri"]);
    expect(await back(bank, asked, await provider.through(url, "yes"))).toEqual(authorised);
  });
});

describe("on the page", () => {
  const toPage = async (bank: BankAdapter) => {
    const asked = await start(bank);
    return { asked, home: await provider.through(await redirected(bank, asked), "yes") };
  };
  const page = () => bankOf("polled", { flows: ["authorization_code"] });

  test("a no is told in our words and not the bank’s, and the way there is another one", async () => {
    const bank = page();
    const asked = await start(bank);
    const home = await provider.through(await redirected(bank, asked), "no");
    expect(home.searchParams.get("state")).toBe("sealed");
    const again = asChallenge(await back(bank, asked, home));
    expect(again).toMatchObject({ problem: "denied", challenge: { kind: "redirect" } });
    expect(JSON.stringify(again)).not.toContain("own words");
    expect(secretsOf(again)).not.toEqual(secretsOf(asked));
    expect(
      await back(bank, again, await provider.through(await redirected(bank, again), "yes")),
    ).toEqual(authorised);
  });
  test.each([
    ["another provider", (home: URL) => home.searchParams.set("iss", "https://other.example")],
    ["nobody that says who it is", (home: URL) => home.searchParams.delete("iss")],
    ["two at once", (home: URL) => home.searchParams.append("iss", "https://other.example")],
  ])("a code from %s is taken to nobody", async (_, change) => {
    const bank = page();
    const { asked, home } = await toPage(bank);
    change(home);
    expect(await back(bank, asked, home)).toMatchObject({ problem: "expired" });
    expect(refused).toEqual(["other-issuer"]);
    expect(tokenCalls()).toBe(0);
  });
  test("an answer to another question is none, and the way there stays good", async () => {
    const bank = page();
    const { asked, home } = await toPage(bank);
    const still = asChallenge(
      await bank.answer(
        {
          ...request,
          challenge: asked.challenge,
          state: asked.state,
          answer: { kind: "message", value: { read: true } },
        },
        call(),
      ),
    );
    expect(still).toEqual(asked);
    expect(await back(bank, still, home)).toEqual(authorised);
  });
  test("a code works once", async () => {
    const bank = page();
    const { asked, home } = await toPage(bank);
    expect(await back(bank, asked, home)).toEqual(authorised);
    expect(await back(bank, asked, home)).toMatchObject({ type: "challenge", problem: "expired" });
    expect(refused).toEqual(["code-refused"]);
  });
  test.each([
    ["another nonce", "expired", "token-nonce", { nonce: "another" }],
    ["another verifier", "expired", "code-refused", { verifier: "v".repeat(43) }],
  ])("a code that was made for %s is worth nothing here", async (_, problem, reason, secrets) => {
    const bank = page();
    const { asked, home } = await toPage(bank);
    const of = { ...asked, state: { ...(asked.state as object), ...secrets } };
    expect(await back(bank, of, home)).toMatchObject({ problem });
    expect(refused).toEqual([reason]);
  });
  test.each(["", "&iss=", "&iss=https%3A%2F%2Fother.example"])(
    "the bare return address, %s, is no answer: it counts for nothing, and the way there stays good",
    async (more) => {
      const bank = page();
      const { asked, home } = await toPage(bank);
      const still = asChallenge(await back(bank, asked, new URL(`${returnAddress}${more}`)));
      expect(still).toEqual(asked);
      expect(refused).toEqual(["no-code"]);
      expect(await back(bank, still, home)).toEqual(authorised);
    },
  );
  test("a reload of what came back does not answer the step after it", async () => {
    const bank = page();
    const asked = await start(bank);
    const no = await provider.through(await redirected(bank, asked), "no");
    const next = asChallenge(await back(bank, asked, no));
    const { problem, ...same } = next;
    expect(problem).toBe("denied");
    expect(await back(bank, next, no)).toEqual(same);
    expect(refused).toEqual(["denied", "heard-before"]);
    expect(
      await back(bank, next, await provider.through(await redirected(bank, next), "yes")),
    ).toEqual(authorised);
  });
  test("whatever else comes back is not counted as a wrong answer", async () => {
    const bank = page();
    for (const query of ["error=login_required", "code=made-up", "code=x&error=access_denied"]) {
      const result = await back(
        bank,
        await start(bank),
        new URL(`${returnAddress}&${query}&iss=${encodeURIComponent(provider.issuer)}`),
      );
      expect(["expired", "denied"]).toContain(asChallenge(result).problem);
    }
  });
  test("a provider that is away is away: on the way there, and on the way back", async () => {
    const bank = page();
    const { asked, home } = await toPage(bank);
    provider.interfere("/request", cutsOff);
    await expect(redirected(bank, asked)).rejects.toThrow(RemoteFault);
    provider.interfere("/token", cutsOff);
    await expect(back(bank, asked, home)).rejects.toThrow(RemoteFault);
    const said = new URL(
      `${returnAddress}&error=temporarily_unavailable&iss=${encodeURIComponent(provider.issuer)}`,
    );
    await expect(back(bank, asked, said)).rejects.toThrow(RemoteFault);
  });
});

test("a person who need not say who they are reads what comes next, and goes to the page", async () => {
  const bank = bankOf("polled", {
    flows: ["authorization_code"],
    person: undefined,
    introduction: { paragraphs: ["Next you sign in at Example Bank."] },
  });
  expect(bank.describe("b")).toMatchObject({
    firstChallenge: { kind: "message", prompt: { phase: "sign-in" } },
  });
  const asked = asChallenge(
    await bank.start({ ...request, answer: { kind: "message", value: { read: true } } }, call()),
  );
  expect(
    await back(bank, asked, await provider.through(await redirected(bank, asked), "yes")),
  ).toEqual(authorised);
});

describe("the other way", () => {
  test("leads from the app to the page and back, with the name the person gave", async () => {
    const bank = bankOf();
    const app = await start(bank);
    const page = asChallenge(
      await bank.answer(
        { ...request, challenge: app.challenge, state: app.state, answer: { kind: "other-way" } },
        call(),
      ),
    );
    expect(page).toMatchObject({ otherWay: true, challenge: { kind: "redirect" } });
    expect(await poll(bank, page)).toEqual({ type: "pending" });
    const again = asChallenge(
      await bank.answer(
        { ...request, challenge: page.challenge, state: page.state, answer: { kind: "other-way" } },
        call(),
      ),
    );
    expect(again.challenge.kind).toBe("approval");
    expect(bankRequest().accountId).toBe("ada");
  });
  test("is no way to make a phone ring sooner, or more often, than by asking again", async () => {
    const bank = bankOf();
    const other = async ({ challenge, state }: Challenged) =>
      bankResultSchema.parse(
        await bank.answer({ ...request, challenge, state, answer: { kind: "other-way" } }, call()),
      );
    const first = await start(bank);
    let asked = asChallenge(await other(asChallenge(await other(first))));
    // It still waits for the request that was sent before.
    expect(asked).toMatchObject({ notice: "wait", waitSeconds: 10, challenge: first.challenge });
    for (let times = 1; times < 5; times += 1) {
      lateMs += 11_000;
      const page = asChallenge(await other(asked));
      expect(page.state).toMatchObject({ asked: times + 1 });
      asked = asChallenge(await other(page));
      expect(asked).toMatchObject({ notice: "asked-again", challenge: { kind: "approval" } });
    }
    lateMs += 11_000;
    expect(await other(asChallenge(await other(asked)))).toEqual({
      type: "refused",
      reason: "not-approved",
    });
    expect(provider.asked).toHaveLength(5);
  });
  test("is no way to be sent to the page without end", async () => {
    const bank = bankOf();
    const asked = await start(bank);
    const often = { ...asked, state: { ...(asked.state as object), pageAsked: 10 } };
    expect(
      await bank.answer(
        {
          ...request,
          challenge: often.challenge,
          state: often.state,
          answer: { kind: "other-way" },
        },
        call(),
      ),
    ).toEqual({ type: "refused", reason: "not-approved" });
  });
  test("is remembered with the longest request and name there may be", async () => {
    const bank = bankOf();
    const asked = await start(bank);
    const long = {
      ...asked,
      state: { ...(asked.state as object), request: "r".repeat(2000), hint: "h".repeat(256) },
    };
    asChallenge(
      await bank.answer(
        { ...request, challenge: long.challenge, state: long.state, answer: { kind: "other-way" } },
        call(),
      ),
    );
  });
});

describe("null, where a provider has no value,", () => {
  const members = [
    "scope",
    "refresh_token",
    "interval",
    "authorization_details",
    "name",
    "use",
    "alg",
    "key_ops",
    "ext",
    "x5c",
    "x5t",
    "registration_endpoint",
    "end_session_endpoint",
    "mtls_endpoint_aliases",
    "error",
    "error_description",
  ];
  /**
   * Writes null into every object of every JSON answer, as a serialiser does that knows of more
   * members than it has values.
   */
  const withNulls = (json: unknown): unknown => {
    if (typeof json !== "object" || json === null) return json;
    return Array.isArray(json)
      ? json.map(withNulls)
      : {
          ...Object.fromEntries(members.map((name) => [name, null])),
          ...Object.fromEntries(
            Object.entries(json).map(([name, value]) => [name, withNulls(value)]),
          ),
        };
  };
  const client = createHttpClient({ timeoutMs: 20_000, publicHosts: true });
  const http: typeof client = async (input, init) => {
    const response = await client(input, init);
    if (!response.headers.get("content-type")?.includes("json")) return response;
    return new Response(JSON.stringify(withNulls(await response.json())), {
      status: response.status,
      headers: response.headers,
    });
  };
  const bankWith = (more: object) =>
    createOpenidBank(openidSettings.parse(entry("polled", more)), {
      clock,
      publicUrl: "http://127.0.0.1:9",
      bank: { id: "b", name: "Example Bank" },
      http: () => http,
      log: quiet,
    });

  test.each([
    ["userinfo", { from: "userinfo", path: ["accounts"] }],
    ["the ID token", { from: "id-token", path: ["accounts"] }],
    ["a call", { from: "call", url: "me", path: ["accounts"] }],
  ])("is absent from its metadata and keys to the accounts from %s", async (_, accounts) => {
    const bank = bankWith({
      accounts:
        "url" in accounts
          ? { ...accounts, url: `${provider.issuer}/me` }
          : accounts.from === "id-token"
            ? { ...accounts, path: ["sub"] }
            : accounts,
    });
    const asked = await start(bank);
    await provider.approve(bankRequest());
    later();
    expect(await poll(bank, asked)).toMatchObject({ type: "authorised" });
  });
  test("is absent on the way to its page and back", async () => {
    const bank = bankWith({ flows: ["authorization_code"] });
    const asked = await start(bank);
    expect(
      await back(bank, asked, await provider.through(await redirected(bank, asked), "yes")),
    ).toEqual(authorised);
  });
  test.each<[string, object, string[]]>([
    ["a token that is a number", { access_token: 5, token_type: "bearer" }, ["access_token"]],
    ["a type of null", { access_token: "secret", token_type: null }, ["token_type"]],
    [
      "a scope that is a list",
      { access_token: "secret", token_type: "bearer", scope: ["secret"] },
      ["scope"],
    ],
    ["no ID token", { access_token: "secret", token_type: "bearer", id_token: null }, []],
  ])("is not what the log is told: %s is named by its member", async (_, body, paths) => {
    const bank = bankOf("polled");
    const asked = await start(bank);
    later();
    provider.interfere("/token", answers(200, body));
    const failed: unknown = await poll(bank, asked).catch((error: unknown) => error);
    expect(failed).toMatchObject({ name: "OpenIdError", code: "answer-unusable", paths });
  });
});

describe("the accounts", () => {
  const accountsBy = async (accounts: object, who = "ada") => {
    const bank = bankOf("polled", { accounts });
    const asked = await start(bank, who);
    await provider.approve(bankRequest());
    later();
    return poll(bank, asked);
  };
  test("may be a claim of the ID token", async () => {
    expect(await accountsBy({ from: "id-token", path: ["sub"] })).toEqual({
      type: "authorised",
      accounts: [{ externalId: "ada" }],
    });
  });
  test("may be what a call tells, which shows the access token", async () => {
    expect(
      await accountsBy({ from: "call", url: `${provider.issuer}/me`, path: ["accounts"] }),
    ).toEqual(authorised);
  });
  test("are told with what stands beside the id of each", async () => {
    const beside = {
      name: ["nickname"],
      bankIdentifier: ["servicer", "bic"],
      accountIdentifier: ["numbers"],
      branchIdentifier: ["branch"],
    };
    const list = [
      {
        id: "savings",
        nickname: "Savings",
        servicer: { bic: "COBADEFF" },
        numbers: ["1", "2"],
        branch: "x".repeat(65),
      },
      { id: "account", nickname: 5, servicer: null },
      { id: null },
    ];
    const bank = bankOf("polled", {
      accounts: {
        from: "call",
        url: `${provider.issuer}/me`,
        path: ["accounts", "id"],
        details: beside,
      },
    });
    const asked = await start(bank);
    await provider.approve(bankRequest());
    later();
    provider.interfere("/me", answers(200, { accounts: list }));
    expect(await poll(bank, asked)).toEqual({
      type: "authorised",
      accounts: [
        { externalId: "savings", name: "Savings", bankIdentifier: "COBADEFF" },
        { externalId: "account" },
      ],
    });
  });
  test("may be none, and that is no failure", async () => {
    expect(await accountsBy({ from: "userinfo", path: ["accounts"] }, "cleo")).toEqual({
      type: "authorised",
      accounts: [],
    });
  });
  test("that are not where the entry says are a failure, and not an account that the person does not have", async () => {
    await expect(accountsBy({ from: "userinfo", path: ["accounts", "id"] })).rejects.toMatchObject({
      code: "accounts-missing",
      paths: ["accounts.id"],
    });
  });
  test.each<object>([
    { from: "userinfo", path: ["claim"] },
    { from: "id-token", path: ["claim", "id"] },
  ])(
    "of which nothing is told are none, and the log says where they were looked for: %j",
    async (accounts) => {
      expect(await accountsBy(accounts)).toEqual({ type: "authorised", accounts: [] });
      expect(refused).toEqual(["accounts-missing"]);
    },
  );
  test("that are refused are one, too", async () => {
    await expect(
      accountsBy({ from: "call", url: `${provider.issuer}/nowhere`, path: ["x"] }),
    ).rejects.toMatchObject({ code: "accounts-refused" });
  });
});

testBankAdapter("the openid adapter", {
  // Made when it is first asked: the provider is not there yet when tests are collected.
  adapter: {
    describe: (id) => bankOf().describe(id),
    start: (...given) => bankOf().start(...given),
    answer: (...given) => bankOf().answer(...given),
  },
  good: hint("ada"),
  wrong: hint("nobody"),
  otherAccount: hint("bob"),
  slow: hint("slow"),
  async elsewhere(result) {
    await provider.approve(bankRequest());
    later();
    return poll(bankOf(), asChallenge(result));
  },
});
