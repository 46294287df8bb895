import { createServer as createTcpServer } from "node:net";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo, Server } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createHttpClient, type RemoteFault } from "./http.ts";

const received: string[] = [];
let answer = (response: ServerResponse) => void response.end("ok");
const server = createServer((request, response) => {
  received.push(`${request.method} ${request.url}`);
  answer(response);
});
// Takes connections and says nothing, as a host does whose process hangs.
const silent = createTcpServer(() => undefined);
const listen = (one: Server) => new Promise<void>((resolve) => one.listen(0, "127.0.0.1", resolve));
const urlOf = (one: Server) => `http://127.0.0.1:${(one.address() as AddressInfo).port}`;
beforeAll(() => Promise.all([listen(server), listen(silent)]));
afterAll(() => {
  server.closeAllConnections();
  server.close();
  silent.close();
});

async function nobody() {
  const gone = createTcpServer();
  await listen(gone);
  const url = urlOf(gone);
  await new Promise((resolve) => gone.close(resolve));
  return url;
}

const http = createHttpClient({ timeoutMs: 5000 });
const faultOf = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error: RemoteFault) => error,
  );

describe("a call without an answer", () => {
  test("was never sent where nobody listens", async () => {
    expect(await faultOf(http(await nobody()))).toMatchObject({ code: "network", neverSent: true });
  });
  test("was never sent where the name does not exist", async () => {
    expect(await faultOf(http("http://nobody.invalid/"))).toMatchObject({
      code: "network",
      neverSent: true,
    });
  });
  test.each([
    ["in time", () => urlOf(silent)],
    ["in time, and no TLS either", () => urlOf(silent).replace("http:", "https:")],
  ])("may have been sent where none came %s", async (_what, url) => {
    expect(await faultOf(createHttpClient({ timeoutMs: 100 })(url()))).toMatchObject({
      code: "timeout",
      neverSent: false,
    });
  });
  test("may have been sent where the connection is cut", async () => {
    answer = (response) => void response.destroy();
    expect(await faultOf(http(urlOf(server)))).toMatchObject({ code: "network", neverSent: false });
  });
});

describe("an answer whose status is what matters", () => {
  test("is given without waiting for a body that trickles", async () => {
    answer = (response) => void response.writeHead(202).write("{");
    const started = performance.now();
    const { status, body } = await http(urlOf(server), { bodyWithinMs: 50 });
    expect([status, body]).toEqual([202, null]);
    expect(performance.now() - started).toBeLessThan(4000);
  });
});

describe("an answer whose body is wanted", () => {
  test("has to come to its end in time, however busily it trickles", async () => {
    const trickles: NodeJS.Timeout[] = [];
    answer = (response) => {
      response.writeHead(200, { "content-type": "application/json" }).write("{");
      trickles.push(setInterval(() => response.write(" "), 5));
    };
    expect(await faultOf(createHttpClient({ timeoutMs: 500 })(urlOf(server)))).toMatchObject({
      code: "timeout",
    });
    trickles.forEach(clearInterval);
  });
  test("may have no more than 256 KiB", async () => {
    answer = (response) => void response.end("x".repeat(256 * 1024 + 1));
    expect(await faultOf(http(urlOf(server)))).toMatchObject({ code: "too-large" });
    answer = (response) => void response.end("x".repeat(256 * 1024));
    expect((await (await http(urlOf(server))).text()).length).toBe(256 * 1024);
  });
  test("that ends early is a broken connection", async () => {
    answer = (response) =>
      void response
        .writeHead(200, { "content-length": "100" })
        .write("{", () => response.destroy());
    expect(await faultOf(http(urlOf(server)))).toMatchObject({ code: "network" });
  });
  test("that sends us elsewhere is not followed", async () => {
    answer = (response) => void response.writeHead(302, { location: "http://127.0.0.1:1/" }).end();
    expect(await faultOf(http(urlOf(server)))).toMatchObject({ code: "redirected" });
  });
});

describe("a host whose name nobody here can look up", () => {
  const never = () => new Promise<never>(() => undefined);
  const client = createHttpClient({ timeoutMs: 100, publicHosts: true, resolve: never });
  const variables = [
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "https_proxy",
    "http_proxy",
    "NO_PROXY",
    "no_proxy",
  ];
  const before = variables.map((name) => [name, process.env[name]] as const);
  beforeEach(() => variables.forEach((name) => Reflect.deleteProperty(process.env, name)));
  afterAll(() =>
    before.forEach(([name, value]) =>
      value === undefined ? Reflect.deleteProperty(process.env, name) : (process.env[name] = value),
    ),
  );

  test("takes the time of the call and no longer, and nothing was sent", async () => {
    expect(await faultOf(client("https://service.example/"))).toMatchObject({
      code: "timeout",
      neverSent: true,
    });
  });
  test("is not looked up where a proxy does that", async () => {
    process.env["HTTP_PROXY"] = "http://127.0.0.1:9";
    answer = (response) => void response.end("ok");
    // The tests' own fetch knows no proxy, so the call goes where the name of this machine leads.
    const looked: string[] = [];
    const counting = createHttpClient({
      timeoutMs: 5000,
      publicHosts: true,
      resolve: async (name) => (looked.push(name), []),
    });
    await faultOf(counting("http://service.invalid/"));
    expect(looked).toEqual([]);
    process.env["NO_PROXY"] = ".invalid";
    await faultOf(counting("http://service.invalid/"));
    expect(looked).toEqual(["service.invalid"]);
  });
  test("is still judged by the address in its place", async () => {
    process.env["HTTPS_PROXY"] = "http://127.0.0.1:9";
    for (const url of ["https://10.0.0.1/", "https://[fd00::1]/", "https://169.254.169.254/"])
      expect(await faultOf(client(url))).toMatchObject({
        code: "private-address",
        neverSent: true,
      });
  });
});

describe("a client for public hosts", () => {
  const http = createHttpClient({ timeoutMs: 2000, publicHosts: true });
  // 2130706433, 0x7f.1 and 017700000001 are 127.0.0.1 to the URL standard, which makes them
  // loopback hosts as configured: nobody listens.
  test.each([
    "https://10.0.0.1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://[fd00::1]/",
    "https://0xa9fea9fe/",
    "https://167772161/",
  ])("never calls %s", async (url) => {
    await expect(http(url)).rejects.toMatchObject({ code: "private-address", neverSent: true });
  });
});
