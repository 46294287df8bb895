import type { ServerResponse } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { type Clock, systemClock } from "../clock/clock.ts";
import { createHttpClient, RemoteFault } from "../http/http.ts";
import { errorFields } from "../log/log.ts";
import { createAccessTokenSource } from "./access-token.ts";
import { answerJson, type LocalServer, startLocalServer } from "./local-server.fixture.ts";

let elapsedMs = 0;
const clock: Clock = { ...systemClock, monotonicMs: () => elapsedMs };
let answer: (response: ServerResponse) => unknown;
let sageId: LocalServer;
let issued = 0;

const issue =
  (more: object = { expires_in: 28_800 }) =>
  (response: ServerResponse) =>
    answerJson(response, 200, { access_token: `token-${++issued}`, token_type: "Bearer", ...more });
const afterSeconds = (seconds: number) => {
  elapsedMs += seconds * 1000;
};

beforeAll(async () => {
  sageId = await startLocalServer((response) => answer(response));
});
afterAll(() => sageId.close());
beforeEach(() => {
  elapsedMs = issued = sageId.requests.length = 0;
  answer = issue();
});

const source = (tokenUrl = `${sageId.url}/oauth/token`, timeoutMs = 10_000) =>
  createAccessTokenSource(
    {
      tokenUrl,
      clientId: "client",
      clientSecret: "s3cret&=/ü",
      audience: "https://provider.example/",
    },
    { http: createHttpClient({ timeoutMs }), clock },
  );

async function faultOf(asked: Promise<string>): Promise<Pick<RemoteFault, "code">> {
  const error: unknown = await asked.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof RemoteFault)) throw new Error("not a RemoteFault", { cause: error });
  return { code: error.code };
}

describe("the access token", () => {
  it("is asked for as Sage documents it", async () => {
    expect(await source().authorization()).toBe("Bearer token-1");
    const [request] = sageId.requests;
    expect([request?.method, request?.path, request?.headers["content-type"]]).toEqual([
      "POST",
      "/oauth/token",
      "application/x-www-form-urlencoded;charset=UTF-8",
    ]);
    expect(request?.headers.authorization).toBeUndefined();
    expect(Object.fromEntries(new URLSearchParams(request?.body))).toEqual({
      grant_type: "client_credentials",
      client_id: "client",
      client_secret: "s3cret&=/ü",
      audience: "https://provider.example/",
    });
  });

  it.each([
    { life: "eight hours", more: { expires_in: 28_800 }, reused: 28_739, renewed: 28_740 },
    { life: "five minutes", more: { expires_in: 300 }, reused: 269, renewed: 270 },
    { life: "ten minutes, as text", more: { expires_in: "600" }, reused: 539, renewed: 540 },
    { life: "an unstated time", more: {}, reused: 269, renewed: 270 },
  ])(
    "that lives for $life is reused for $reused s; at $renewed s its successor is asked for once, and nobody waits for it",
    async ({ more, reused, renewed }) => {
      answer = issue(more);
      const { authorization } = source();
      await authorization();
      afterSeconds(reused);
      expect(await authorization()).toBe("Bearer token-1");
      expect(sageId.requests).toHaveLength(1);
      afterSeconds(renewed - reused);
      expect(await Promise.all([authorization(), authorization()])).toEqual([
        "Bearer token-1",
        "Bearer token-1",
      ]);
      await vi.waitFor(async () => expect(await authorization()).toBe("Bearer token-2"));
      expect(sageId.requests).toHaveLength(2);
    },
  );

  it("stays in use until ten seconds before its end while Sage ID is away, which is asked every five seconds and no more", async () => {
    const { authorization } = source();
    await authorization();
    answer = (response) => answerJson(response, 503, {});
    afterSeconds(28_740);
    for (let second = 0; second < 50; second += 1) {
      expect(await authorization()).toBe("Bearer token-1");
      // The failure is known before the next second begins.
      const asked = sageId.requests.length;
      await vi.waitFor(() =>
        expect(sageId.requests.length).toBe(Math.max(asked, 2 + Math.floor(second / 5))),
      );
      await new Promise((resolve) => setTimeout(resolve, 5));
      afterSeconds(1);
    }
    expect(sageId.requests.length).toBeLessThanOrEqual(11);
    expect(await faultOf(authorization())).toEqual({ code: "token-unavailable" });
    answer = issue();
    expect(await authorization()).toBe("Bearer token-2");
  });

  it("that is spent at once serves those who waited for it, and nobody later", async () => {
    answer = issue({ expires_in: 0 });
    const { authorization } = source();
    expect(await Promise.all([authorization(), authorization()])).toEqual([
      "Bearer token-1",
      "Bearer token-1",
    ]);
    expect(await authorization()).toBe("Bearer token-2");
  });

  it("is sent as Bearer however Sage ID spells it", async () => {
    answer = issue({ token_type: "bEARER" });
    expect(await source().authorization()).toBe("Bearer token-1");
  });

  it("may come with members that are null", async () => {
    answer = issue({
      scope: null,
      refresh_token: null,
      id_token: null,
      expires_in: null,
      authorization_details: null,
    });
    expect(await source().authorization()).toBe("Bearer token-1");
  });

  it("is asked for once by a hundred who wait", async () => {
    const { authorization } = source();
    expect(new Set(await Promise.all(Array.from({ length: 100 }, authorization)))).toEqual(
      new Set(["Bearer token-1"]),
    );
    expect(sageId.requests).toHaveLength(1);
  });

  it("is renewed once when fifty calls find it refused", async () => {
    const { authorization, discard } = source();
    const refused = await authorization();
    const renewed = await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        // Late refusals of the old token arrive while the new one is being fetched, and after.
        for (let ticks = 0; ticks < index; ticks++) await new Promise(setImmediate);
        discard(refused);
        return authorization();
      }),
    );
    expect(new Set(renewed)).toEqual(new Set(["Bearer token-2"]));
    expect(sageId.requests).toHaveLength(2);
  });

  it("that could not be had is told to all who wait, and asked for again by the next", async () => {
    answer = (response) => answerJson(response, 500, {});
    const { authorization } = source();
    const faults = await Promise.all(Array.from({ length: 20 }, () => faultOf(authorization())));
    expect(faults).toEqual(Array.from({ length: 20 }, () => ({ code: "token-unavailable" })));
    expect(sageId.requests).toHaveLength(1);
    answer = issue();
    expect(await authorization()).toBe("Bearer token-1");
  });
});

const status =
  (code: number, body: unknown = {}, headers = {}) =>
  (response: ServerResponse) =>
    answerJson(response, code, body, headers);

describe("a failed token request", () => {
  it.each<[string, string, (response: ServerResponse) => unknown]>([
    ["wrong credentials", "token-refused", status(401, { error: "invalid_client" })],
    ["a challenge", "token-refused", status(401, {}, { "www-authenticate": 'Basic realm="x"' })],
    [
      "access denied",
      "token-refused",
      status(403, { error: "access_denied", error_description: "no" }),
    ],
    ["a bare 400", "token-refused", status(400)],
    ["a 400 that is no JSON", "token-refused", (response) => response.writeHead(400).end("<html>")],
    ["a time-out on their side", "token-unavailable", status(408)],
    ["too many requests", "token-unavailable", status(429, { error: "slow_down" })],
    ["a server error", "token-unavailable", status(500)],
    ["unavailable", "token-unavailable", (response) => response.writeHead(503).end("later")],
    [
      "a redirect",
      "token-redirected",
      (response) => response.writeHead(307, { location: "/elsewhere" }).end(),
    ],
    ["a reset", "token-network", (response) => response.destroy()],
    [
      "an answer without end",
      "token-too-large",
      (response) => response.writeHead(200).end("x".repeat(300_000)),
    ],
    ["another success", "token-unusable", status(201, { access_token: "x", token_type: "bearer" })],
    ["no JSON", "token-unusable", (response) => response.end("<html>")],
    ["a list", "token-unusable", status(200, [])],
    ["no token", "token-unusable", status(200, { token_type: "bearer" })],
    ["no type", "token-unusable", status(200, { access_token: "x" })],
    ["another type", "token-unusable", status(200, { access_token: "x", token_type: "mac" })],
    [
      "a type we cannot send",
      "token-unusable",
      status(200, { access_token: "x", token_type: "dpop" }),
    ],
    [
      "a token with a line break",
      "token-unusable",
      status(200, { access_token: "x\r\ny", token_type: "bearer" }),
    ],
    [
      "a token that is empty",
      "token-unusable",
      status(200, { access_token: "", token_type: "bearer" }),
    ],
    [
      "a life in words",
      "token-unusable",
      status(200, { access_token: "x", token_type: "bearer", expires_in: "soon" }),
    ],
    [
      "a life before its birth",
      "token-unusable",
      status(200, { access_token: "x", token_type: "bearer", expires_in: -1 }),
    ],
  ])("that meets %s is %s", async (_name, code, reply) => {
    answer = reply;
    expect(await faultOf(source().authorization())).toEqual({ code });
    expect(sageId.requests).toHaveLength(1);
  });

  it.each<[string, object, string[]]>([
    ["a token of null", { access_token: null, token_type: "bearer" }, ["access_token"]],
    ["a type of null", { access_token: "secret", token_type: null }, ["token_type"]],
    ["another type", { access_token: "secret", token_type: "mac" }, ["token_type"]],
    [
      "a token that cannot be sent",
      { access_token: "secret token", token_type: "bearer" },
      ["access_token"],
    ],
    [
      "a scope that is a number",
      { access_token: "secret", token_type: "bearer", scope: 5 },
      ["scope"],
    ],
    [
      "a life in words",
      { access_token: "secret", token_type: "bearer", expires_in: "soon" },
      ["expires_in"],
    ],
    [
      "a member with a name of its own",
      { access_token: "secret", 'token_type" property': "x" },
      ["token_type"],
    ],
  ])("says in which member it met %s, and never what was there", async (_, body, paths) => {
    answer = status(200, body);
    const fault: unknown = await source()
      .authorization()
      .catch((error: unknown) => error);
    expect(fault).toMatchObject({ code: "token-unusable", paths });
    expect(JSON.stringify(errorFields(fault))).not.toContain("secret");
  });

  it("that is not answered in time is token-timeout", async () => {
    answer = () => undefined;
    expect(await faultOf(source(undefined, 50).authorization())).toEqual({ code: "token-timeout" });
  });

  it("that finds nobody is token-network", async () => {
    const gone = await startLocalServer(() => undefined);
    await gone.close();
    expect(await faultOf(source(gone.url).authorization())).toEqual({ code: "token-network" });
  });
});
