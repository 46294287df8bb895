import { Agent, get, type Server } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, it } from "vitest";
import { createConnectorServer, type Handler } from "./http-server.ts";

const opened: Server[] = [];
afterEach(() =>
  opened.splice(0).forEach((server) => {
    server.closeAllConnections();
    server.close();
  }),
);

async function serve(
  handle: Handler = (request, response) => void response.end(`${request.method} ${request.url}`),
) {
  const { server, drain } = createConnectorServer(handle, {}, ["x-notification-key"]);
  opened.push(server);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  return { port: (server.address() as AddressInfo).port, drain };
}

/** Sends bytes as they are and gives all that comes back until the server closes. */
async function send(port: number, bytes: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.write(bytes);
  return text(socket);
}

const ended = "Host: x\r\nConnection: close\r\n\r\n";

describe("the server answers by itself", () => {
  it.each([
    ["GET //evil.example HTTP/1.1", "404 Not Found"],
    ["GET /%E0%A4%A HTTP/1.1", "404 Not Found"],
    ["TRACE /notification HTTP/1.1", "405 Method Not Allowed"],
    ["CONNECT connector.example:443 HTTP/1.1", "404 Not Found"],
    ["NONSENSE /notification HTTP/1.1", "405 Method Not Allowed"],
    ["NONSENSE /x HTTP/1.1", "404 Not Found"],
    ["no HTTP at all", "400 Bad Request"],
    // Two lengths of one message are how requests are smuggled past a proxy (RFC 9112 §6.3).
    [
      "POST /notification HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 5",
      "400 Bad Request",
    ],
    ["POST /notification HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6", "400 Bad Request"],
    ["POST /notification HTTP/1.1\r\nContent-Length: 0\r\nContent-Length: 0", "400 Bad Request"],
    ["GET /health/live HTTP/1.1\r\nHost: evil.example", "400 Bad Request"],
    [
      "POST /notification HTTP/1.1\r\nAuthorization: Bearer a\r\nauthorization: Bearer a",
      "400 Bad Request",
    ],
    [
      "POST /notification HTTP/1.1\r\nContent-Type: application/json\r\nContent-Type: text/plain",
      "400 Bad Request",
    ],
    [
      "POST /notification HTTP/1.1\r\nX-Notification-Key: k\r\nx-notification-key: k",
      "400 Bad Request",
    ],
  ])("%s", async (line, status) => {
    const { port } = await serve();
    const answer = await send(port, `${line}\r\n${ended}`);
    expect(answer).toContain(`HTTP/1.1 ${status}\r\n`);
    expect(answer).not.toContain("evil");
    expect(/^allow: POST\r$/im.test(answer)).toBe(status.startsWith("405"));
  });

  it.each([
    ["HTTP/1.1", "400 Bad Request"],
    ["HTTP/1.0", "200 OK"],
  ])("no host in %s: %s", async (version, status) => {
    const { port } = await serve();
    expect(await send(port, `GET /x ${version}\r\nConnection: close\r\n\r\n`)).toContain(
      `HTTP/1.1 ${status}\r\n`,
    );
  });

  it("headers that are too large", async () => {
    const { port } = await serve();
    expect(await send(port, `GET / HTTP/1.1\r\nX: ${"x".repeat(17_000)}\r\n${ended}`)).toContain(
      "HTTP/1.1 431 ",
    );
  });
});

it("hands on the query as it came, and not what a client says it was", async () => {
  const { port } = await serve((request, response) =>
    response.end(`query:${String(request.headers["x-connector-query"])}`),
  );
  expect(
    await send(
      port,
      "GET /a?b=%ZZ?c HTTP/1.1\r\nX-Connector-Query: other\r\nHost: x\r\nConnection: close\r\n\r\n",
    ),
  ).toMatch(/query:b=%ZZ\?c$/);
});

it("passes the rest on, in origin form and without the headers of the framework", async () => {
  const { port } = await serve((request, response) =>
    response.end(`${request.url} ${Object.keys(request.headers).join(",")}`),
  );
  expect(
    await send(port, `GET http://other.example/a?b HTTP/1.1\r\nRSC: 1\r\nAccept: x\r\n${ended}`),
  ).toMatch(/\/a\?b accept,host,connection,x-connector-query$/);
});

it("answers an upgrade as any other request", async () => {
  const { port } = await serve();
  expect(
    await send(
      port,
      `GET /x HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade, close\r\nHost: x\r\n\r\n`,
    ),
  ).toContain("GET /x");
});

it("answers 500 when the handler fails", async () => {
  const { port } = await serve(() => Promise.reject(new Error("a bug")));
  expect(await send(port, `GET /x HTTP/1.1\r\n${ended}`)).toMatch(/^HTTP\/1\.1 500 /);
});

describe("draining", () => {
  it("finishes what is under way, closes idle and half-open connections, and takes nothing new", async () => {
    let finish: (() => void) | undefined;
    const { port, drain } = await serve((request, response) => {
      if (request.url === "/slow") finish = () => void response.end("finished");
      else response.end("quick");
    });
    const agent = new Agent({ keepAlive: true });
    await new Promise((resolve) =>
      get({ port, path: "/quick", agent }, (response) => resolve(response.resume())),
    );
    const halfOpen = connect(port, "127.0.0.1");
    halfOpen.write("GET /never HTTP/1.1\r\n");
    const halfOpenEnded = new Promise((resolve) => halfOpen.once("close", resolve));
    halfOpen.on("error", () => undefined);
    const slow = send(port, "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
    await expect.poll(() => finish).toBeDefined();

    const drained = drain({ noticeMs: 0 });
    await expect
      .poll(() =>
        send(port, `GET /new HTTP/1.1\r\n${ended}`).catch((error: { code: string }) => error.code),
      )
      .toBe("ECONNREFUSED");
    finish?.();
    expect(await slow).toMatch(/connection: close[^]*finished$/i);
    await drained;
    await halfOpenEnded;
  });

  it("goes on answering, on connections that close, until the notice has passed", async () => {
    const { port, drain } = await serve();
    const drained = drain({ noticeMs: 100 });
    expect(await send(port, "GET /health/ready HTTP/1.1\r\nHost: x\r\n\r\n")).toMatch(
      /connection: close[^]*GET \/health\/ready$/i,
    );
    await drained;
  });

  it("answers the connections that the kernel has accepted before the listening socket closes", async () => {
    const { port, drain } = await serve();
    // Their handshakes end while this process is busy, so that none of them has been taken when it
    // begins to close.
    const asked = Array.from({ length: 30 }, (_, index) =>
      send(port, `GET /${index} HTTP/1.1\r\n${ended}`),
    );
    await new Promise((resolve) => process.nextTick(resolve));
    const drained = drain({ noticeMs: 0 });
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
    expect((await Promise.all(asked)).every((answer) => answer.startsWith("HTTP/1.1 200 "))).toBe(
      true,
    );
    await drained;
  });

  it("ends also while somebody goes on opening connections", async () => {
    const { port, drain } = await serve();
    let refused = false;
    const goOnOpening = async () => {
      while (!refused)
        await send(port, `GET /x HTTP/1.1\r\n${ended}`).catch(
          (error: { code: string }) => (refused ||= error.code === "ECONNREFUSED"),
        );
    };
    const opening = Promise.all(Array.from({ length: 8 }, goOnOpening));
    await drain({ noticeMs: 0 });
    await opening;
  }, 20_000);

  it("leaves idle connections alone until the notice has passed: somebody may be writing into one", async () => {
    const { port, drain } = await serve();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ask = () =>
      new Promise<boolean>((resolve, reject) => {
        const outgoing = get({ port, path: "/x", agent }, (response) =>
          response.resume().once("close", () => resolve(outgoing.reusedSocket)),
        ).once("error", reject);
      });
    await ask();
    const drained = drain({ noticeMs: 200 });
    // Another one's answer ends meanwhile.
    await send(port, "GET /y HTTP/1.1\r\nHost: x\r\n\r\n");
    expect(await ask()).toBe(true);
    await drained;
  });
});
