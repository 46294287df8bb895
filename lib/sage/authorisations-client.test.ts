import type { ServerResponse } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../clock/clock.ts";
import { createHttpClient, RemoteFault } from "../http/http.ts";
import { type AccessTokenSource, createAccessTokenSource } from "./access-token.ts";
import { createAuthorisationsClient, type PatchResult } from "./authorisations-client.ts";
import {
  answerJson,
  type LocalServer,
  type ReceivedRequest,
  startLocalServer,
} from "./local-server.fixture.ts";

const id = "a7d66d27-e9ab-40b4-850a-447a541ca263";
const body = { data: { status: "success" } };
const now = new Date("2026-09-01T12:00:00Z");
const clock = { ...systemClock, now: () => now };

let answer: (response: ServerResponse, request: ReceivedRequest) => unknown;
let tokenAnswer: (response: ServerResponse) => unknown;
let issued = 0;
let provider: LocalServer;
let sageId: LocalServer;

beforeAll(async () => {
  provider = await startLocalServer((response, request) => answer(response, request));
  sageId = await startLocalServer((response) => tokenAnswer(response));
});
afterAll(() => Promise.all([provider.close(), sageId.close()]));
beforeEach(() => {
  issued = provider.requests.length = sageId.requests.length = 0;
  answer = (response) => answerJson(response, 200, {});
  tokenAnswer = (response) =>
    answerJson(response, 200, {
      access_token: `token-${++issued}`,
      token_type: "Bearer",
      expires_in: 28_800,
    });
});

function client({
  url = `${provider.url}/v1`,
  timeoutMs = 10_000,
  token = undefined as AccessTokenSource | undefined,
} = {}) {
  const http = createHttpClient({ timeoutMs });
  const settings = {
    tokenUrl: sageId.url,
    clientId: "client",
    clientSecret: "secret",
    audience: "provider",
  };
  return createAuthorisationsClient(
    { url, key: "api-key" },
    { http, token: token ?? createAccessTokenSource(settings, { http, clock }), clock },
  );
}

const status =
  (code: number, headers: Record<string, string> = {}) =>
  (response: ServerResponse) =>
    answerJson(response, code, {}, headers);

describe("PATCH /v1/authorisations/{id}", () => {
  it("is sent as Sage documents it", async () => {
    expect(await client().patch(id, body)).toEqual({ type: "applied", status: 200 });
    const [request] = provider.requests;
    expect([request?.method, request?.path, request?.body]).toEqual([
      "PATCH",
      `/v1/authorisations/${id}`,
      '{"data":{"status":"success"}}',
    ]);
    expect(request?.headers).toMatchObject({
      "x-api-key": "api-key",
      authorization: "Bearer token-1",
      "content-type": "application/json",
      accept: "application/json",
    });
  });

  it("keeps an id that is no UUID inside its place in the path", async () => {
    await client().patch("../a?b", body);
    expect(provider.requests[0]?.path).toBe("/v1/authorisations/..%2Fa%3Fb");
  });

  const date = now.toUTCString();
  const inTenSeconds = new Date(now.getTime() + 10_000).toUTCString();
  it.each<[string, (response: ServerResponse) => unknown, PatchResult]>([
    ["200", status(200), { type: "applied", status: 200 }],
    ["202", status(202), { type: "applied", status: 202 }],
    ["204", (response) => response.writeHead(204).end(), { type: "applied", status: 204 }],
    ["200 that is no JSON", (response) => response.end("<html>"), { type: "applied", status: 200 }],
    ...[400, 402, 404, 405, 409, 410, 413, 415, 422, 499].map(
      (code): [string, (response: ServerResponse) => unknown, PatchResult] => [
        String(code),
        status(code),
        { type: "rejected", status: code },
      ],
    ),
    [
      "403, as for a bad x-api-key",
      status(403),
      { type: "postponed", status: 403, failure: "credentials" },
    ],
    ["408", status(408), { type: "postponed", status: 408, failure: "not-processed" }],
    ["425", status(425), { type: "postponed", status: 425, failure: "not-processed" }],
    ["429", status(429), { type: "postponed", status: 429, failure: "throttled" }],
    [
      "429 with seconds",
      status(429, { "retry-after": "7" }),
      { type: "postponed", status: 429, failure: "throttled", retryAfterMs: 7000 },
    ],
    [
      "429 with a date",
      status(429, { "retry-after": inTenSeconds, date }),
      { type: "postponed", status: 429, failure: "throttled", retryAfterMs: 10_000 },
    ],
    [
      "503 with seconds",
      status(503, { "retry-after": "2" }),
      { type: "postponed", status: 503, failure: "unavailable", retryAfterMs: 2000 },
    ],
    [
      "503 with a date",
      status(503, { "retry-after": inTenSeconds, date }),
      { type: "postponed", status: 503, failure: "unavailable", retryAfterMs: 10_000 },
    ],
    ["503 with nothing", status(503), { type: "unclear", status: 503, failure: "server-error" }],
    [
      "503 with nonsense",
      status(503, { "retry-after": "soon" }),
      { type: "unclear", status: 503, failure: "server-error" },
    ],
    ["500", status(500), { type: "unclear", status: 500, failure: "server-error" }],
    ["502", status(502), { type: "unclear", status: 502, failure: "server-error" }],
    ["504", status(504), { type: "unclear", status: 504, failure: "server-error" }],
    [
      "a redirect",
      (response) => response.writeHead(302, { location: "/elsewhere" }).end(),
      { type: "unclear", failure: "redirected" },
    ],
    [
      "a reset after the request",
      (response) => response.destroy(),
      { type: "unclear", failure: "network" },
    ],
    [
      "a reply cut short",
      (response) =>
        response.writeHead(200, { "content-length": "10" }).write("{", () => response.destroy()),
      { type: "applied", status: 200 },
    ],
    [
      "a reply without end",
      (response) => response.end("x".repeat(300_000)),
      { type: "applied", status: 200 },
    ],
    [
      "a reply that never ends",
      (response) => response.writeHead(200).write("{"),
      { type: "applied", status: 200 },
    ],
    [
      "an error cut short",
      (response) =>
        response.writeHead(500, { "content-length": "10" }).write("{", () => response.destroy()),
      { type: "unclear", status: 500, failure: "server-error" },
    ],
    [
      "an error without end",
      (response) => response.writeHead(500).end("x".repeat(300_000)),
      { type: "unclear", status: 500, failure: "server-error" },
    ],
  ])("that meets %s", async (_name, reply, expected) => {
    answer = reply;
    expect(await client().patch(id, body)).toEqual(expected);
    expect(provider.requests).toHaveLength(1);
  });

  it("that reached the wrong server is postponed, after the repeat that fetch makes by itself", async () => {
    answer = status(421);
    expect(await client().patch(id, body)).toEqual({
      type: "postponed",
      status: 421,
      failure: "not-processed",
    });
    expect(provider.requests).toHaveLength(2);
  });

  it("that is not answered in time is unclear", async () => {
    answer = () => undefined;
    expect(await client({ timeoutMs: 100 }).patch(id, body)).toEqual({
      type: "unclear",
      failure: "timeout",
    });
  });

  it("that finds nobody listening is postponed: nothing can have been applied", async () => {
    const gone = await startLocalServer(() => undefined);
    await gone.close();
    expect(await client({ url: gone.url }).patch(id, body)).toEqual({
      type: "postponed",
      failure: "unreachable",
    });
  });
});

describe("a 401", () => {
  it("is postponed, and the next call has a new token", async () => {
    answer = (response, { headers }) =>
      answerJson(response, headers.authorization === "Bearer token-2" ? 200 : 401, {});
    const { patch } = client();
    expect(await patch(id, body)).toEqual({
      type: "postponed",
      status: 401,
      failure: "credentials",
    });
    expect(await patch(id, body)).toEqual({ type: "applied", status: 200 });
    expect([provider.requests.length, sageId.requests.length]).toEqual([2, 2]);
  });

  it("met by fifty calls at once fetches one new token", async () => {
    answer = (response, { headers }) =>
      answerJson(response, headers.authorization === "Bearer token-1" ? 401 : 200, {});
    const { patch } = client();
    await Promise.all(Array.from({ length: 50 }, () => patch(id, body)));
    const results = await Promise.all(Array.from({ length: 50 }, () => patch(id, body)));
    expect(results).toEqual(Array.from({ length: 50 }, () => ({ type: "applied", status: 200 })));
    expect(sageId.requests).toHaveLength(2);
  });
});

describe("without a token", () => {
  it("nothing is sent, and the outcome is postponed", async () => {
    tokenAnswer = status(500);
    expect(await client().patch(id, body)).toEqual({
      type: "postponed",
      failure: "token-unavailable",
    });
    tokenAnswer = status(401);
    expect(await client().patch(id, body)).toEqual({
      type: "postponed",
      failure: "token-refused",
    });
    expect(provider.requests).toEqual([]);
  });

  it("the attempt ends when its time is over", async () => {
    const deadline = new AbortController();
    tokenAnswer = () => deadline.abort();
    expect(await client().patch(id, body, { signal: deadline.signal })).toEqual({
      type: "postponed",
      failure: "too-late",
    });
    expect(provider.requests).toEqual([]);
  });
});

it("an attempt that is no longer wanted when there is a token is not begun", async () => {
  expect(await client().patch(id, body, { shouldSend: () => false })).toEqual({
    type: "postponed",
    failure: "slot-missed",
  });
  expect(provider.requests).toEqual([]);
});

describe("an attempt with a deadline", () => {
  it.each([
    ["there", () => Promise.resolve("Bearer x")],
    ["still to come", () => new Promise<string>(() => undefined)],
  ])("is not begun when the time is over (a token is %s)", async (_name, authorization) => {
    const { patch } = client({ token: { authorization, discard: () => undefined } });
    expect(await patch(id, body, { signal: AbortSignal.abort() })).toEqual({
      type: "postponed",
      failure: "too-late",
    });
    expect(provider.requests).toEqual([]);
  });

  it("is unclear when the time ends after sending", async () => {
    const deadline = new AbortController();
    answer = () => deadline.abort();
    expect(await client().patch(id, body, { signal: deadline.signal })).toEqual({
      type: "unclear",
      failure: "timeout",
    });
  });

  it("goes through within its time", async () => {
    expect(await client().patch(id, body, { signal: new AbortController().signal })).toEqual({
      type: "applied",
      status: 200,
    });
  });
});

it("a bug is not taken for a fault of another system", async () => {
  const broken: AccessTokenSource = {
    authorization: () => Promise.reject(new TypeError("bug")),
    discard: () => undefined,
  };
  await expect(client({ token: broken }).patch(id, body)).rejects.toThrow("bug");
});

describe("a call that was never sent", () => {
  it.each([
    ["CERT_HAS_EXPIRED", "certificate"],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", "certificate"],
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "certificate"],
    ["ERR_TLS_CERT_ALTNAME_INVALID", "certificate"],
    ["ENOTFOUND", "unreachable"],
    ["UND_ERR_CONNECT_TIMEOUT", "unreachable"],
    [undefined, "unreachable"],
  ])("for %s is postponed, and operators are told that it is %s", async (code, failure) => {
    const cause = new TypeError("fetch failed", { cause: Object.assign(new Error(), { code }) });
    const http = () => Promise.reject(new RemoteFault("network", { neverSent: true, cause }));
    const token: AccessTokenSource = {
      authorization: async () => "Bearer x",
      discard: () => undefined,
    };
    expect(
      await createAuthorisationsClient(
        { url: "https://provider.example/v1", key: "k" },
        { http, token },
      ).patch(id, body),
    ).toEqual({ type: "postponed", failure });
  });
});
