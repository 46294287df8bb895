import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it, test } from "vitest";
import { type AppSide, serverLink } from "../lib/web/server-link.ts";
import { createConnectorServer } from "./http-server.ts";
import { readPressure, watchPressure } from "./pressure.ts";
import { limitOf, shedLoad } from "./load-shedding.ts";

const opened: (() => void)[] = [];
afterEach(() => {
  serverLink().app = undefined;
  opened.splice(0).forEach((close) => close());
});

const quiet = { loopDelayMs: 0, heapShare: 0.3, databaseQueue: 0 };

describe("pressure", () => {
  it("is none where nothing presses", () => expect(readPressure(quiet).pressure).toBe(0));
  it.each([
    ["event-loop", { loopDelayMs: 400 }],
    ["heap", { heapShare: 0.9 }],
    ["database-queue", { databaseQueue: 1 }],
  ])("is full by %s alone", (source, gauges) => {
    const reading = readPressure({ ...quiet, ...gauges });
    expect(reading.source).toBe(source);
    expect(reading.pressure).toBeCloseTo(1);
  });
  it("of a process that has nothing to do is low", async () => {
    const { read, stop } = watchPressure(() => 0);
    opened.push(stop);
    await expect.poll(() => read().pressure, { timeout: 5000 }).toBeLessThan(0.7);
  });
});

test.each([
  ["/authrefresh?state=x", 0.7],
  ["/authrefresh/abc.def", 1],
  ["/authrefresh/abc?lang=fr-FR", 1],
  ["/authrefresh/abc/status", 0.7],
  ["/authrefresh/return?state=x", 1],
  ["/notification", 0.7],
  ["/notifications", 0.7],
  ["/connect-codes", 0.7],
  ["/bank/ping", 0.7],
  ["/health/ready", Infinity],
  ["/assets/wizard.css", Infinity],
])("%s is turned away from a pressure of %d on", (url, limit) => expect(limitOf(url)).toBe(limit));

async function serve() {
  const state = { pressure: 0 };
  const noted: [string, unknown][] = [];
  const load = shedLoad((_, response) => void response.end("served"), {
    read: () => ({ source: "event-loop", pressure: state.pressure }),
    note: (event, fields) => noted.push([event, fields]),
  });
  const { server } = createConnectorServer(load.handle);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  opened.push(() => (server.closeAllConnections(), server.close()));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const status = async (path: string, init: RequestInit = {}) =>
    (await fetch(origin + path, init)).status;
  const statuses = async () => [
    await status("/authrefresh"),
    await status("/authrefresh/h/status"),
    await status("/notification", { method: "POST" }),
    await status("/authrefresh/h", { method: "POST" }),
    await status("/health/ready"),
  ];
  return { state, noted, load, origin, statuses };
}

describe("under pressure", () => {
  it.each([
    [0.69, [200, 200, 200, 200, 200]],
    [0.7, [503, 503, 503, 200, 200]],
    [0.99, [503, 503, 503, 200, 200]],
    [1, [503, 503, 503, 503, 200]],
  ])(
    "of %d who is new is turned away first and who is in the middle last; health never",
    async (pressure, expected) => {
      const { state, statuses } = await serve();
      state.pressure = pressure;
      expect(await statuses()).toEqual(expected);
    },
  );
  it("readiness says so only when nobody is served", async () => {
    const { state, load } = await serve();
    state.pressure = 0.9;
    expect(load.overloaded()).toBe(false);
    state.pressure = 1;
    expect(load.overloaded()).toBe(true);
  });
  it("its beginning and its end are told once", async () => {
    const { state, noted, statuses } = await serve();
    state.pressure = 1;
    await statuses();
    await statuses();
    state.pressure = 0;
    await statuses();
    expect(noted).toEqual([
      ["shedding load", { reason: "event-loop" }],
      ["shedding ended", { count: 8 }],
    ]);
  });
  it("the answer is the one the address gives, and says when to come back", async () => {
    const unavailable = async (request: Request) =>
      new Response(`busy: ${new URL(request.url).pathname}`, {
        status: 503,
        headers: { "retry-after": "2" },
      });
    serverLink().app = { unavailable } as AppSide;
    const { state, origin } = await serve();
    state.pressure = 1;
    const answer = await fetch(`${origin}/authrefresh/h`, {
      method: "POST",
      body: "x".repeat(5000),
    });
    expect([answer.status, answer.headers.get("retry-after"), await answer.text()]).toEqual([
      503,
      "2",
      "busy: /authrefresh/h",
    ]);
    expect((await fetch(`${origin}/authrefresh/h`)).status).toBe(503);
  });
});
