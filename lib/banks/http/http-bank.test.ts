import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Answer } from "../../challenges/index.ts";
import { testBankAdapter } from "../adapter-contract.ts";
import { pollSchema, refusalReasons, type BankResult, bankResultSchema } from "../bank-adapter.ts";
import { systemClock } from "../../clock/clock.ts";
import { RemoteFault } from "../../http/http.ts";
import { bankAt, clientKey, listenTo, startReferenceBank } from "./reference-bank.fixture.ts";
import { createReferenceBank } from "../../../examples/bank-api/reference-bank.mjs";

const bank = await startReferenceBank();
afterAll(() => bank.close());
const adapter = bankAt(bank.url);
const signIn = (username: string, password = "pass_good"): Answer => ({
  kind: "credentials",
  value: { username, password },
});
const call = () => ({ signal: new AbortController().signal });
const base = {
  bankId: "bank",
  externalId: "the-account-asked-for",
  locale: "en-GB",
  returnAddress: "https://connector.example/authrefresh/return?state=x",
};

testBankAdapter("the http adapter, with the reference bank", {
  adapter,
  good: signIn("good"),
  wrong: signIn("good", "not the password"),
  otherAccount: signIn("other"),
  slow: signIn("slow"),
});

async function through(username: string, answers: readonly Answer[]): Promise<BankResult> {
  let result = bankResultSchema.parse(
    await adapter.start({ ...base, answer: signIn(username) }, call()),
  );
  for (const answer of answers) {
    if (result.type !== "challenge") throw new Error(`nothing was asked: ${result.type}`);
    result = bankResultSchema.parse(
      await adapter.answer(
        { ...base, challenge: result.challenge, state: result.state, answer },
        call(),
      ),
    );
  }
  return result;
}
const code: Answer = { kind: "one-time-code", value: { code: "123456" } };
const car: Answer = {
  kind: "security-questions",
  value: { answers: [{ id: "car", text: "Blue" }] },
};

describe("every kind of challenge", () => {
  test.each<[username: string, kind: string, answers: Answer[]]>([
    ["sms", "one-time-code", [code]],
    ["device", "method-choice", [{ kind: "method-choice", value: { method: "app" } }, code]],
    ["questions", "security-questions", [car]],
    [
      "memorable",
      "memorable-characters",
      [
        {
          kind: "memorable-characters",
          value: {
            characters: [2, 5, 7].map((position, index) => ({
              position,
              character: "app"[index] ?? "",
            })),
          },
        },
      ],
    ],
    ["message", "message", [{ kind: "message", value: { read: true } }]],
    ["photo", "picture-code", [{ kind: "picture-code", value: { reply: "123456" } }]],
    ["picture", "picture-choice", [{ kind: "picture-choice", value: { choice: "0" } }]],
    ["page", "redirect", [{ kind: "redirect", value: { query: "done=yes" } }]],
    ["two-rounds", "one-time-code", [code, car]],
  ])("%s is asked a %s, and gets through", async (username, kind, answers) => {
    expect(await through(username, [])).toMatchObject({
      type: "challenge",
      challenge: { kind },
      lang: "en",
    });
    expect(await through(username, answers)).toMatchObject({ type: "authorised" });
  });
  test("an approval comes by polling", async () => {
    const result = await through("push", []);
    if (result.type !== "challenge") throw new Error(result.type);
    expect(result).toMatchObject({
      challenge: { kind: "approval", prompt: { matchNumber: "42" } },
    });
    const poll = async () =>
      pollSchema.parse(
        await adapter.poll?.({ ...base, challenge: result.challenge, state: result.state }, call()),
      );
    expect(await poll()).toEqual({ type: "pending" });
    await expect
      .poll(poll, { timeout: 20_000, interval: 200 })
      .toMatchObject({ type: "authorised" });
  });
  test("another way leads back to the choice", async () => {
    expect(
      await through("device", [
        { kind: "method-choice", value: { method: "sms" } },
        { kind: "other-way" },
      ]),
    ).toMatchObject({ challenge: { kind: "method-choice" } });
  });
  test("a cancelled journey is forgotten by the bank", async () => {
    const result = await through("push", []);
    if (result.type !== "challenge") throw new Error(result.type);
    const pending = { ...base, challenge: result.challenge, state: result.state };
    await adapter.cancel?.(pending, call());
    expect(await adapter.poll?.(pending, call())).toEqual({
      type: "refused",
      reason: "not-approved",
    });
  });
});

describe("what the bank gave", () => {
  const asked: { url: string; body: unknown }[] = [];
  const served: { status: number; json?: unknown }[] = [];
  let bank: Awaited<ReturnType<typeof listenTo>>;
  beforeAll(async () => {
    bank = await listenTo((request, response) => {
      let body = "";
      request.on("data", (chunk: Buffer) => (body += chunk.toString()));
      request.on("end", () => {
        asked.push({ url: request.url ?? "", body: JSON.parse(body) as unknown });
        const { status, json } = served.shift() ?? { status: 500 };
        response.writeHead(status, { "content-type": "application/json" });
        response.end(json === undefined ? undefined : JSON.stringify(json));
      });
    });
  });
  afterAll(() => bank.close());
  const undo = { id: "consent-7", state: { consent: "consent-7", note: null } };
  const about = { bankId: null, externalId: "account", undo };
  const at = () => bankAt(bank.url, { auth: { method: "mutual-tls" } });

  test("comes as it was said, its null members too", async () => {
    const grant = { token: "x", scope: null };
    served.push({ status: 200, json: { type: "authorised", accounts: [], grant, undo } });
    expect(await at().start({ ...base, answer: signIn("ada") }, call())).toEqual({
      type: "authorised",
      accounts: [],
      grant,
      undo,
    });
  });
  test.each([204, 200, 404, 410])("is taken back by what the bank answers %i", async (status) => {
    asked.splice(0);
    served.push({ status });
    await at().undo?.(about, call());
    expect(asked).toEqual([
      { url: "/v1/undo", body: { bankId: "bank", externalId: "account", undo } },
    ]);
  });
  test.each([
    [503, "bank-unavailable"],
    [429, "bank-busy"],
    [401, "credentials"],
    [400, "request-refused"],
  ])("is not taken back by what the bank answers %i", async (status, code) => {
    served.push({ status });
    await expect(at().undo?.(about, call())).rejects.toMatchObject({ code });
  });
  test("is told also where the rest of the answer cannot be used", async () => {
    const told: unknown[] = [];
    served.push({ status: 200, json: { type: "authorised", accounts: "all of them", undo } });
    await expect(
      at().start(
        { ...base, answer: signIn("ada") },
        { ...call(), mustUndo: (one) => told.push(one) },
      ),
    ).rejects.toMatchObject({ code: "answer-not-as-described", paths: ["accounts"] });
    expect(told).toEqual([undo]);
  });
  test("is no more than 8 kB, and what undoes it 4 kB", async () => {
    for (const [paths, more] of [
      [["grant"], { grant: "x".repeat(8 * 1024) }],
      [["undo"], { undo: { id: "x", state: "x".repeat(5000) } }],
    ] as const) {
      served.push({ status: 200, json: { type: "authorised", accounts: [], ...more } });
      await expect(at().start({ ...base, answer: signIn("ada") }, call())).rejects.toMatchObject({
        code: "answer-not-as-described",
        paths,
      });
    }
  });
});

describe("without a state of the bank’s", () => {
  const asked: string[] = [];
  const results: object[] = [];
  let served: Awaited<ReturnType<typeof listenTo>>;
  beforeAll(async () => {
    served = await listenTo((request, response) => {
      asked.push(request.url ?? "");
      request.resume();
      response
        .writeHead(200, { "content-type": "application/json" })
        .end(JSON.stringify(results.shift()));
    });
  });
  afterAll(() => served.close());
  const challenge = { kind: "credentials", prompt: {} } as const;
  const wrong = { type: "challenge", challenge, problem: "wrong" };

  test("an answer is a start, and with one it is an answer", async () => {
    const stateless = bankAt(served.url, { auth: { method: "mutual-tls" } });
    results.push(
      wrong,
      wrong,
      { ...wrong, state: { session: "x" } },
      { type: "authorised", accounts: [] },
    );
    let result = bankResultSchema.parse(
      await stateless.start({ ...base, answer: signIn("ada") }, call()),
    );
    while (result.type === "challenge")
      result = bankResultSchema.parse(
        await stateless.answer(
          { ...base, challenge: result.challenge, state: result.state, answer: signIn("ada") },
          call(),
        ),
      );
    expect(asked.splice(0)).toEqual(["/v1/start", "/v1/start", "/v1/start", "/v1/answer"]);
  });
  test("nothing is polled or cancelled: the bank could not tell what", async () => {
    const stateless = bankAt(served.url, { auth: { method: "mutual-tls" } });
    expect(await stateless.poll?.({ ...base, challenge, state: null }, call())).toEqual({
      type: "pending",
    });
    await stateless.cancel?.({ ...base, challenge, state: null }, call());
    expect(asked).toEqual([]);
  });
  test("an approval is not taken: nobody could ask what became of it", async () => {
    const stateless = bankAt(served.url, { auth: { method: "mutual-tls" } });
    const approval = {
      type: "challenge",
      challenge: { kind: "approval", prompt: { status: "waiting" } },
    };
    results.push(approval, { ...approval, state: null }, { ...approval, state: { session: "x" } });
    for (let times = 0; times < 2; times += 1)
      await expect(
        stateless.start({ ...base, answer: signIn("ada") }, call()),
      ).rejects.toMatchObject({ code: "answer-not-as-described", paths: ["state"] });
    expect(await stateless.start({ ...base, answer: signIn("ada") }, call())).toMatchObject({
      type: "challenge",
    });
  });
});

test.each(refusalReasons)("the bank refuses: %s", async (reason) => {
  expect(await through(reason, [])).toMatchObject({ type: "refused", reason });
});

test("says who an answer claims to be, so that wrong ones are counted for them", () => {
  expect(adapter.userIdentifier?.(signIn("ada"), base)).toBe("ada");
  expect(adapter.userIdentifier?.(code, base)).toBeUndefined();
});

test("says who an answer claims to be where the bank has fields of its own: all that are no secret, together", () => {
  const label = "x";
  const fields = [
    { name: "branch", type: "number-like", label },
    { name: "pin", type: "text", secret: true, label },
    { name: "number", type: "text", label },
    { name: "password", type: "password", label },
  ] as const;
  const own = bankAt(bank.url, {
    firstChallenge: { kind: "credentials", prompt: { fields: [...fields] } },
  });
  const answer = (value: Record<string, string>): Answer => ({ kind: "credentials", value });
  expect(
    own.userIdentifier?.(answer({ branch: "12", pin: "1", number: "3456", password: "a" }), base),
  ).toEqual(["12", "3456"]);
  expect(
    own.userIdentifier?.(answer({ branch: "", pin: "1", number: "", password: "a" }), base),
  ).toBeUndefined();
  // Another screen than the first one.
  expect(own.userIdentifier?.(answer({ number: "3456", memorable: "x" }), base)).toBeUndefined();
  expect(own.userIdentifier?.(signIn("ada"), base)).toBe("ada");
});

describe("what goes over the wire", () => {
  const calls: { path: string; headers: Record<string, unknown>; body: string }[] = [];
  let behave: (count: number) => "answer" | "destroy" | "refuse" = () => "answer";
  let atToken: () => unknown = () => undefined;
  const real = createReferenceBank({ clientKey });
  let proxy: Awaited<ReturnType<typeof listenTo>>;
  beforeAll(async () => {
    proxy = await listenTo((request, response) => {
      const path = request.url ?? "";
      if (path === "/token") {
        atToken();
        return void real(request, response);
      }
      calls.push({ path, headers: { ...request.headers }, body: "" });
      const what = behave(calls.length);
      if (what === "destroy") return void request.socket.destroy();
      if (what === "refuse") return void response.writeHead(401).end();
      void real(request, response);
    });
  });
  afterAll(() => proxy.close());
  afterEach(() => {
    atToken = () => undefined;
  });
  const start = (behaviour: typeof behave) => {
    behave = behaviour;
    calls.length = 0;
    return bankAt(proxy.url).start({ ...base, answer: signIn("good") }, call());
  };

  test("is a token, a key of its own for each answer, and how long the bank has", async () => {
    expect(await start(() => "answer")).toMatchObject({ type: "authorised" });
    expect(calls).toMatchObject([
      {
        path: "/v1/start",
        headers: {
          authorization: expect.stringMatching(/^Bearer /),
          "idempotency-key": expect.stringMatching(/^"[0-9a-f-]{36}"$/),
          "content-type": "application/json",
        },
      },
    ]);
    expect(Number(calls[0]?.headers["bank-deadline-ms"])).toBeGreaterThan(20_000);
  });
  test("is the same key again where a connection broke, so that the bank counts and sends nothing twice", async () => {
    expect(await start((count) => (count === 1 ? "destroy" : "answer"))).toMatchObject({
      type: "authorised",
    });
    expect(calls).toHaveLength(2);
    expect(calls[1]?.headers["idempotency-key"]).toBe(calls[0]?.headers["idempotency-key"]);
  });
  test("is how long the bank has when it hears of it, and not what it had before the token was got", async () => {
    behave = () => "answer";
    calls.length = 0;
    let lateMs = 0;
    atToken = () => (lateMs += 20_000);
    const clock = { ...systemClock, monotonicMs: () => systemClock.monotonicMs() + lateMs };
    expect(
      await bankAt(proxy.url, {}, { clock }).start({ ...base, answer: signIn("good") }, call()),
    ).toMatchObject({ type: "authorised" });
    expect(Number(calls[0]?.headers["bank-deadline-ms"])).toBeLessThanOrEqual(8000);
  });
  test("is nothing where the time ended while the token was got", async () => {
    behave = () => "answer";
    calls.length = 0;
    const over = new AbortController();
    atToken = () => over.abort();
    await expect(
      bankAt(proxy.url).start({ ...base, answer: signIn("good") }, { signal: over.signal }),
    ).rejects.toMatchObject({ name: "RemoteFault", code: "timeout", neverSent: true });
    expect(calls).toEqual([]);
  });
  test("is tried twice and no more", async () => {
    await expect(start(() => "destroy")).rejects.toMatchObject({
      name: "RemoteFault",
      code: "network",
    });
    expect(calls).toHaveLength(2);
  });
  test("is a new token where the first was refused", async () => {
    expect(await start((count) => (count === 1 ? "refuse" : "answer"))).toMatchObject({
      type: "authorised",
    });
    expect(calls).toHaveLength(2);
    expect(calls[1]?.headers["authorization"]).not.toBe(calls[0]?.headers["authorization"]);
    await expect(start(() => "refuse")).rejects.toMatchObject({
      name: "RemoteFault",
      code: "credentials",
    });
  });
});

test("a bank that does not know us gives no token, and that is said as what it is", async () => {
  await expect(
    bankAt(bank.url, { auth: { ...settingsAuth(bank.url), clientId: "somebody" } }).start(
      { ...base, answer: signIn("good") },
      call(),
    ),
  ).rejects.toMatchObject({ name: "RemoteFault", code: "token-refused" });
});
const settingsAuth = (url: string) => ({
  method: "private_key_jwt",
  tokenUrl: `${url}/token`,
  clientId: "connector",
  keyFile: privateKeyPem,
});
import { privateKeyPem } from "./reference-bank.fixture.ts";

describe("what the bank asks first, where no setting says it,", () => {
  const fields = [{ name: "customer-number", label: "Customer number", type: "text" }];
  const firstChallenge = { kind: "credentials", prompt: { fields } };
  let asked = 0;
  let laterMs = 0;
  let says: Promise<unknown> = Promise.resolve();
  let served: Awaited<ReturnType<typeof listenTo>>;
  beforeAll(async () => {
    served = await listenTo((_request, response) => {
      asked += 1;
      void says.then(() =>
        response
          .writeHead(200, { "content-type": "application/json" })
          .end(JSON.stringify({ version: "1.0.0", firstChallenge, lang: "de" })),
      );
    });
  });
  afterAll(() => served.close());
  const clock = { ...systemClock, monotonicMs: () => systemClock.monotonicMs() + laterMs };
  const unsaid = { firstChallenge: undefined, auth: { method: "mutual-tls" } };

  test("is asked for once, when a first screen waits for it, and after that only in the background", async () => {
    asked = 0;
    const bank = bankAt(served.url, unsaid, { clock });
    await Promise.all([bank.prepare?.("bank"), bank.prepare?.("bank")]);
    expect(bank.describe("bank")).toMatchObject({ firstChallenge, lang: "de" });
    expect(asked).toBe(1);
    says = new Promise(() => undefined);
    laterMs = 6 * 60_000;
    await bank.prepare?.("bank");
    expect(bank.describe("bank")).toMatchObject({ firstChallenge, lang: "de" });
    await expect.poll(() => asked, { timeout: 20_000 }).toBe(2);
  });
  test("is nobody’s business before: whoever makes the adapter calls nobody", async () => {
    const called: string[] = [];
    const http = () => async (url: string | URL) => {
      called.push(String(url));
      throw new RemoteFault("network");
    };
    const bank = bankAt(served.url, unsaid, { http });
    for (let ticks = 0; ticks < 10; ticks += 1) await new Promise(setImmediate);
    expect(called).toEqual([]);
    await bank.prepare?.("bank");
    expect(called).toHaveLength(1);
    // Away, so that everybody is asked what most banks ask.
    expect(bank.describe("bank").firstChallenge).toEqual({ kind: "credentials", prompt: {} });
  });
});
