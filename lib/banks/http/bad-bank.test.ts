import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { ServerResponse } from "node:http";
import { afterAll, describe, expect, test, vi } from "vitest";
import { makeCertificate } from "../../../testing/certificate.ts";
import { systemClock } from "../../clock/clock.ts";
import { errorFields } from "../../log/log.ts";
import { bankHttp } from "../bank-http.ts";
import { bankAt, listenTo } from "./reference-bank.fixture.ts";

const secret = "pass-canary-4711";
const base = {
  bankId: "bank",
  externalId: "account",
  locale: "en-GB",
  returnAddress: "https://connector.example/authrefresh/return?state=x",
};
const call = () => ({ signal: new AbortController().signal });
const answer = { kind: "credentials", value: { username: "ada", password: secret } } as const;
const mutualTls = { auth: { method: "mutual-tls" } };

let behave: (response: ServerResponse) => void = () => undefined;
const server = await listenTo((request, response) => {
  request.resume();
  behave(response);
});
afterAll(() => server.close());

/** How the adapter takes what a bank answers: the fault or error it ends in, or the result. */
async function outcomeOf(behaviour: typeof behave) {
  behave = behaviour;
  return bankAt(server.url, mutualTls)
    .start({ ...base, answer }, call())
    .catch((error: Error & { code?: string; cause?: unknown }) => ({
      name: error.name,
      code: error.code,
      said: `${error.message} ${error.stack}`,
    }));
}
const json =
  (body: unknown, status = 200, type = "application/json") =>
  (response: ServerResponse) =>
    void response
      .writeHead(status, { "content-type": type })
      .end(typeof body === "string" ? body : JSON.stringify(body));
const problem = (status: number) =>
  json(
    { title: `text of the bank ${secret}`, detail: "<script>alert(1)</script>" },
    status,
    "application/problem+json",
  );
const challenge = (kind: string, prompt: unknown, more: object = {}) =>
  json({ type: "challenge", challenge: { kind, prompt }, ...more });

describe("what no bank may answer ends the journey, with a closed reason and none of the bank’s words", () => {
  test.each<[what: string, behaviour: typeof behave, code: string]>([
    [
      "nothing",
      (response) => void response.writeHead(200, { "content-type": "application/json" }).end(),
      "answer-not-json",
    ],
    [
      "no content where a result is due",
      (response) => void response.writeHead(204).end(),
      "answer-not-as-described",
    ],
    ["half of a JSON text", json('{"type":"auth'), "answer-not-json"],
    ["its answer twice", json('{"type":"pending"}'.repeat(2)), "answer-not-json"],
    ["a page", json(`<html>${secret}</html>`, 200, "text/html"), "answer-not-json"],
    ["another shape", json({ type: "soon", text: secret }), "answer-not-as-described"],
    ["null", json("null"), "answer-not-as-described"],
    [
      "a shape with more in it",
      json({ type: "authorised", accounts: [{ externalId: "account" }], owner: secret }),
      "answer-not-as-described",
    ],
    [
      "too many accounts",
      json({
        type: "authorised",
        accounts: Array.from({ length: 1001 }, (_, index) => ({ externalId: String(index) })),
      }),
      "answer-not-as-described",
    ],
    [
      "a refusal nobody knows",
      json({ type: "refused", reason: secret }),
      "answer-not-as-described",
    ],
    [
      "a state that is too large",
      challenge("message", { phase: "verify", paragraphs: ["x"] }, { state: "x".repeat(5000) }),
      "answer-not-as-described",
    ],
    [
      "a text with nothing in it to be seen",
      challenge("message", { phase: "verify", paragraphs: ["\u202e"] }),
      "answer-not-as-described",
    ],
    [
      "a picture that is a script",
      challenge("picture-code", {
        purpose: "read",
        picture: { mediaType: "image/svg+xml", base64: "PHN2Zy8+", alt: "x" },
        reply: { characters: "any" },
      }),
      "answer-not-as-described",
    ],
    [
      "a page at a place not configured",
      challenge("redirect", {
        url: "https://login.bank.example.evil.example/",
        opens: "frame",
      }),
      "redirect-not-configured",
    ],
    [
      "a page at another port",
      challenge("redirect", { url: "https://login.bank.example:8443/", opens: "frame" }),
      "redirect-not-configured",
    ],
    [
      "a script for an address",
      challenge("redirect", { url: "javascript:alert(1)", opens: "frame" }),
      "answer-not-as-described",
    ],
    ["that our request is wrong", problem(400), "request-refused"],
    ["that it is not there", problem(404), "request-refused"],
  ])("%s", async (_, behaviour, code) => {
    const outcome = await outcomeOf(behaviour);
    expect(outcome).toMatchObject({ name: "UnexpectedBankResponse", code });
    expect(JSON.stringify(outcome)).not.toMatch(/canary|script/);
  });
});

describe("a bank that is away lets the person try again", () => {
  test.each<[what: string, behaviour: typeof behave, code: string]>([
    [
      "redirects our call",
      (response) => void response.writeHead(307, { location: "https://evil.example/" }).end(),
      "redirected",
    ],
    [
      "answers without end",
      (response) =>
        void response
          .writeHead(200, { "content-type": "application/json" })
          .end("x".repeat(300_000)),
      "too-large",
    ],
    ["breaks the connection", (response) => void response.destroy(), "network"],
    [
      "breaks it in the middle",
      (response) => (
        response.writeHead(200, { "content-type": "application/json", "content-length": "100" }),
        response.write("{"),
        void setImmediate(() => response.destroy())
      ),
      "network",
    ],
    ["fails", problem(500), "bank-unavailable"],
    ["has enough of us", problem(429), "bank-busy"],
    ["still works on the first", problem(409), "bank-still-working"],
    ["does not let us in", problem(403), "credentials"],
  ])("it %s", async (_, behaviour, code) => {
    const outcome = await outcomeOf(behaviour);
    expect(outcome).toMatchObject({ name: "RemoteFault", code });
    expect(JSON.stringify(outcome)).not.toMatch(/canary|script/);
  });
  test("never answers: the call ends when its time is over", async () => {
    const over = new AbortController();
    behave = () => over.abort();
    await expect(
      bankAt(server.url, mutualTls).start({ ...base, answer }, { signal: over.signal }),
    ).rejects.toMatchObject({ name: "RemoteFault", code: "timeout" });
  });
});

describe("null, where a bank has no value", () => {
  const challengeOf = (more: object, prompt: object = {}) =>
    json({
      type: "challenge",
      challenge: {
        kind: "one-time-code",
        prompt: {
          channel: "app",
          length: null,
          maxLength: null,
          format: null,
          validMinutes: null,
          note: null,
          destination: null,
          number: null,
          ...prompt,
        },
      },
      ...more,
    });
  test("is absent in a result and in its question, whatever kind of result has such a member", async () => {
    const nulls = {
      problem: null,
      triesLeft: null,
      notice: null,
      waitSeconds: null,
      otherWay: null,
      lang: null,
      reason: null,
      retryAfterSeconds: null,
      accounts: null,
    };
    expect(await outcomeOf(challengeOf({ ...nulls, state: null }))).toMatchObject({
      type: "challenge",
      state: null,
      otherWay: false,
      challenge: { prompt: { channel: "app" } },
    });
    expect(
      await outcomeOf(
        json({ ...nulls, type: "refused", reason: "locked", challenge: null, state: null }),
      ),
    ).toEqual({ type: "refused", reason: "locked" });
    expect(
      await outcomeOf(
        json({ ...nulls, type: "authorised", accounts: [{ externalId: "account", name: null }] }),
      ),
    ).toEqual({ type: "authorised", accounts: [{ externalId: "account" }] });
  });
  test("stays where it is in a state, which is the bank’s own", async () => {
    const state = { session: null, list: [null, { a: null }] };
    expect(await outcomeOf(challengeOf({ state, problem: null }))).toMatchObject({ state });
  });
  test.each<[string, typeof behave, string[]]>([
    ["a result", json({ type: null }), ["type"]],
    ["the problem", challengeOf({ problem: secret }), ["problem"]],
    [
      "the accounts",
      json({ type: "authorised", accounts: [{ externalId: "a" }, { externalId: null }] }),
      ["accounts[1].externalId"],
    ],
    ["a part of the question", challengeOf({}, { length: secret }), ["challenge.prompt.length"]],
    [
      "a kind of the question",
      json({ type: "challenge", challenge: { kind: null, prompt: {} } }),
      ["challenge.kind"],
    ],
    ["what nobody knows", json({ type: "authorised", accounts: [], [secret]: secret }), ["*"]],
    ["all of it", json("[]"), ["$"]],
  ])(
    "%s that is wrong is named by its place, and never by what is there",
    async (_, behaviour, paths) => {
      behave = behaviour;
      const failed: unknown = await bankAt(server.url, mutualTls)
        .start({ ...base, answer }, call())
        .catch((error: unknown) => error);
      expect(errorFields(failed)).toMatchObject({
        errorName: "UnexpectedBankResponse",
        errorCode: "answer-not-as-described",
        paths,
      });
      expect(JSON.stringify(errorFields(failed))).not.toContain("canary");
    },
  );
  test("in a description is absent, too, and one that is wrong is told in the log by its place", async () => {
    const warn = vi.fn();
    const bank = bankAt(
      server.url,
      { ...mutualTls, firstChallenge: undefined },
      { log: { debug: vi.fn(), info: vi.fn(), warn, error: vi.fn() } },
    );
    behave = json({
      version: "1.0.0",
      firstChallenge: { kind: "credentials", prompt: { fields: null, more: secret } },
      lang: null,
    });
    await bank.prepare?.("bank");
    expect(warn.mock.calls).toEqual([
      [
        "bank metadata not taken",
        {
          reason: "answer-not-as-described",
          bankId: "bank",
          paths: ["firstChallenge.prompt.more"],
        },
      ],
    ]);
    const other = bankAt(server.url, { ...mutualTls, firstChallenge: undefined });
    behave = json({
      version: null,
      firstChallenge: {
        kind: "message",
        prompt: { phase: "sign-in", title: null, paragraphs: ["x"] },
      },
      lang: null,
    });
    await other.prepare?.("bank");
    expect(other.describe("bank").firstChallenge.kind).toBe("credentials");
    behave = json({
      version: "1.0.0",
      firstChallenge: {
        kind: "message",
        prompt: { phase: "sign-in", title: null, paragraphs: ["x"] },
      },
      lang: null,
    });
    const third = bankAt(server.url, { ...mutualTls, firstChallenge: undefined });
    await third.prepare?.("bank");
    expect(third.describe("bank").firstChallenge.kind).toBe("message");
  });
});

test("JSON under another textual type is JSON", async () => {
  for (const type of ["text/json", "text/plain; charset=utf-8", "application/vnd.bank+json"])
    expect(await outcomeOf(json({ type: "authorised", accounts: [] }, 200, type))).toEqual({
      type: "authorised",
      accounts: [],
    });
  expect(
    await outcomeOf(json({ type: "authorised", accounts: [] }, 200, "application/octet-stream")),
  ).toMatchObject({ code: "answer-not-json" });
});

test("markup in a text is text, and comes through as it is", async () => {
  const paragraphs = ["<script>alert(1)</script>"];
  expect(await outcomeOf(challenge("message", { phase: "verify", paragraphs }))).toMatchObject({
    type: "challenge",
    challenge: { prompt: { paragraphs } },
  });
});

test("a kind that nobody knows is handed on, for the screen that says so", async () => {
  expect(await outcomeOf(challenge("riddle", {}))).toMatchObject({
    type: "challenge",
    challenge: { kind: "riddle" },
  });
});

describe("certificates", () => {
  const day = 24 * 3600 * 1000;
  const days = (from: number, to: number) => ({
    notBefore: new Date(Date.now() + from * day),
    notAfter: new Date(Date.now() + to * day),
  });
  const ours = makeCertificate("the connector", days(-1, 1));
  const servers: { close: () => void }[] = [];
  afterAll(() => servers.forEach((one) => one.close()));

  async function serve(
    certificate: ReturnType<typeof makeCertificate>,
    options: object = {},
  ): Promise<string> {
    const one = createServer({ ...certificate, ...options }, (request, response) => {
      request.resume();
      json({ type: "authorised", accounts: [] })(response);
    });
    await new Promise<void>((resolve) => one.listen(0, "127.0.0.1", resolve));
    servers.push({ close: () => (one.closeAllConnections(), void one.close()) });
    return `https://127.0.0.1:${(one.address() as AddressInfo).port}`;
  }
  const start = async (url: string, tls?: object) =>
    bankAt(url, { ...mutualTls, tls }).start({ ...base, answer }, call());

  test.each([
    ["signed by itself", days(-1, 1)],
    ["that has expired", days(-3, -1)],
    ["that is not yet valid, as with clocks that are off", days(1, 3)],
  ])("one %s is refused, and nothing is sent", async (what, valid) => {
    const certificate = makeCertificate("a bank", valid);
    const trusted = what === "signed by itself" ? undefined : { caFile: certificate.cert };
    await expect(start(await serve(certificate), trusted)).rejects.toMatchObject({
      name: "RemoteFault",
      code: "certificate",
      neverSent: true,
    });
  });
  test("ours is shown to a bank that asks for it, and the bank’s own authority is believed", async () => {
    const certificate = makeCertificate("a bank", days(-1, 1));
    const url = await serve(certificate, {
      requestCert: true,
      rejectUnauthorized: true,
      ca: ours.cert,
    });
    expect(
      await start(url, { caFile: certificate.cert, certFile: ours.cert, keyFile: ours.key }),
    ).toEqual({ type: "authorised", accounts: [] });
    await expect(start(url, { caFile: certificate.cert })).rejects.toMatchObject({
      name: "RemoteFault",
    });
  });
});

describe("a private network", () => {
  test("is not entered, whatever the file of banks says, but for the hosts it names", async () => {
    for (const host of ["10.0.0.1", "169.254.169.254"]) {
      const start = bankAt(`http://${host}`, mutualTls).start({ ...base, answer }, call());
      await expect(start).rejects.toMatchObject({ code: "private-address", neverSent: true });
    }
    const over = AbortSignal.abort();
    const named = bankAt("http://10.0.0.1", mutualTls, {
      http: bankHttp(systemClock, ["10.0.0.1"]),
    }).start({ ...base, answer }, { signal: over });
    await expect(named).rejects.toMatchObject({ code: "timeout" });
  });
});
