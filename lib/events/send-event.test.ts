import { randomBytes, randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { systemClock } from "../clock/clock.ts";
import { type LocalServer, startLocalServer } from "../sage/local-server.fixture.ts";
import { makeCertificate } from "../../testing/certificate.ts";
import { createSendEvent } from "./send-event.ts";

let answer: (response: ServerResponse) => unknown;
let receiver: LocalServer;
beforeAll(async () => void (receiver = await startLocalServer((response) => answer(response))));
afterAll(() => receiver.close());

const target = (url = receiver.url) => ({
  url,
  secrets: [new Uint8Array(randomBytes(32))],
  privateHosts: [],
});
const send = (url?: string, timeoutMs = 10_000) =>
  systemClock.within(timeoutMs, (signal) =>
    createSendEvent({ clock: systemClock })(target(url), { id: randomUUID(), body: "{}" }, signal),
  );

describe("a receiver", () => {
  test.each([200, 201, 202, 204, 299])("takes an event with %i", async (status) => {
    answer = (response) => response.writeHead(status).end();
    expect(await send()).toEqual({ type: "applied", status });
  });
  test("ends an event with 410", async () => {
    answer = (response) => response.writeHead(410).end();
    expect(await send()).toEqual({ type: "rejected", status: 410, failure: "gone" });
  });
  test.each([400, 401, 404, 409, 422, 429, 500, 503])(
    "that answers %i gets it again",
    async (status) => {
      answer = (response) => response.writeHead(status).end("no");
      expect(await send()).toMatchObject({ type: "postponed", failure: "refused", status });
    },
  );
  test("says how long to wait, an hour at most", async () => {
    answer = (response) => response.writeHead(503, { "retry-after": "99999" }).end();
    expect(await send()).toMatchObject({ retryAfterMs: 3_600_000 });
  });
  test("is not followed where it redirects to", async () => {
    const requests = receiver.requests.length;
    answer = (response) => response.writeHead(307, { location: receiver.url }).end();
    expect(await send()).toMatchObject({ type: "postponed", failure: "redirected" });
    expect(receiver.requests.length).toBe(requests + 1);
  });
  test("whose body never ends has taken it with its status", async () => {
    answer = (response) => {
      response.writeHead(200);
      const more = setInterval(() => response.write("x".repeat(1000)), 5);
      response.on("close", () => clearInterval(more));
    };
    expect(await send()).toEqual({ type: "applied", status: 200 });
  });
  test("that says nothing in time gets it again", async () => {
    answer = () => undefined;
    expect(await send(undefined, 200)).toMatchObject({ type: "postponed", failure: "timeout" });
  });
  test("that speaks no HTTP, or cuts the connection, gets it again", async () => {
    answer = (response) => response.socket?.end("garbage\r\n\r\n");
    expect(await send()).toMatchObject({ type: "postponed", failure: "network" });
    answer = (response) => response.destroy();
    expect(await send()).toMatchObject({ type: "postponed", failure: "network" });
  });
  test("whose certificate is signed by itself gets nothing", async () => {
    const day = 86_400_000;
    const certificate = makeCertificate("receiver", {
      notBefore: new Date(Date.now() - day),
      notAfter: new Date(Date.now() + day),
    });
    let heard = 0;
    const server = createServer(certificate, (_, response) => {
      heard += 1;
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    expect(await send(`https://127.0.0.1:${port}/`)).toMatchObject({
      type: "postponed",
      failure: "certificate",
    });
    expect(heard).toBe(0);
    server.close();
  });
  test("in a private network that nobody named is never called", async () => {
    expect(await send("https://10.255.255.1/")).toMatchObject({
      type: "postponed",
      failure: "private-address",
    });
  });
  test("gets the same id and body, and a time and a signature of this attempt", async () => {
    answer = (response) => response.writeHead(204).end();
    await send();
    expect(receiver.requests.at(-1)).toMatchObject({
      method: "POST",
      body: "{}",
      headers: {
        "content-type": "application/json",
        "webhook-id": expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
        "webhook-timestamp": expect.stringMatching(/^\d{10}$/) as string,
        "webhook-signature": expect.stringMatching(/^v1,[A-Za-z0-9+/]{43}=$/) as string,
      },
    });
  });
});
