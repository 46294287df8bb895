import { Agent, request as send } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, expect, it, vi } from "vitest";
import { type AppSide, serverLink } from "../lib/web/server-link.ts";
import { createConnectorServer } from "./http-server.ts";
import { serveNotifications } from "./serve-notifications.ts";

const opened: (() => void)[] = [];
afterEach(() => {
  serverLink().app = undefined;
  opened.splice(0).forEach((close) => close());
});

async function serve(post?: (request: Request) => Promise<Response>) {
  serverLink().app = post && ({ notification: post } as AppSide);
  const { server } = createConnectorServer(
    serveNotifications((_, response) => void response.end("next")),
  );
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  opened.push(() => (agent.destroy(), server.closeAllConnections(), server.close()));
  const { port } = server.address() as AddressInfo;
  return (path: string, { method = "POST", body = "" } = {}) =>
    new Promise<{ status: number | undefined; headers: unknown; body: string }>(
      (resolve, reject) => {
        const sent = send(
          {
            port,
            path,
            method,
            agent,
            headers: { authorization: "Bearer x", "content-length": Buffer.byteLength(body) },
          },
          (answer) => {
            const { statusCode: status, headers } = answer;
            text(answer).then((body) => resolve({ status, headers, body }), reject);
          },
        );
        sent.once("error", reject);
        sent.end(body);
      },
    );
}

it.each(["/notification", "/notifications"])(
  "gives POST %s to the route’s handler, with its headers and body, and its answer back",
  async (path) => {
    const post = vi.fn(async (request: Request) =>
      Response.json(
        { heard: await request.text(), token: request.headers.get("authorization") },
        { status: 201, headers: { "x-ours": "1" } },
      ),
    );
    const answer = await (await serve(post))(path, { body: '{"a":"ü"}' });
    expect(answer).toMatchObject({ status: 201, headers: { "x-ours": "1" } });
    expect(JSON.parse(answer.body)).toEqual({ heard: '{"a":"ü"}', token: "Bearer x" });
  },
);

it("reads no body that the handler does not ask for, and the connection goes on", async () => {
  const ask = await serve(async () => new Response("no", { status: 401 }));
  for (let round = 0; round < 3; round++)
    expect(await ask("/notification", { body: "x".repeat(200_000) })).toMatchObject({
      status: 401,
      body: "no",
    });
});

it("leaves everything else to Next, and everything as long as the route is not there", async () => {
  const post = vi.fn(async () => new Response("ours"));
  const ask = await serve(post);
  for (const [path, method] of [
    ["/notification", "GET"],
    ["/notification?x=1", "POST"],
    ["/authrefresh", "POST"],
    ["/notification/", "POST"],
  ] as const)
    await ask(path, { method });
  expect(post).not.toHaveBeenCalled();
  serverLink().app = undefined;
  expect(await ask("/notification")).toMatchObject({ body: "next" });
});

it("answers 500 when the handler throws", async () => {
  const ask = await serve(() => Promise.reject(new Error("a bug")));
  expect(await ask("/notification")).toMatchObject({ status: 500, body: "" });
});
