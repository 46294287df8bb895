import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test as base } from "playwright/test";
import { freePorts } from "../../testing/free-port.mjs";
import { startPair, systemEnvironment } from "../../testing/start-connector.mjs";
import { root } from "../../testing/toolchain.mjs";
import { bankingServiceClient } from "../../simulator/client.ts";
import { pair } from "../support/pair.ts";

// A connector whose database queue is full while a file is there. What it measures has unit tests;
// this is what it then answers, as it is built.
const test = base.extend<{ busy: Awaited<ReturnType<typeof start>> }>({
  busy: async ({}, use, testInfo) => {
    const busy = await start(testInfo.outputPath("logs"), testInfo.outputPath("pressure"));
    await use(busy);
    await busy.stop();
  },
});

const link = pathToFileURL(path.join(root, "lib/web/server-link.ts"));
const preload = (file: string) => `import { existsSync } from 'node:fs'
import { serverLink } from '${link.href}'
let app
const databaseQueue = () => (existsSync(${JSON.stringify(file)}) ? 1 : 0)
Object.defineProperty(serverLink(), 'app', { get: () => app, set: (given) => (app = { ...given, databaseQueue }) })`;

async function start(logs: string, file: string) {
  const [connectorPort = 0, bankingServicePort = 0] = await freePorts(2);
  const env = {
    ...systemEnvironment(),
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(preload(file))}`,
  };
  const { connectorUrl, bankingServiceUrl, stop } = await startPair({
    databaseUrl: pair().databaseUrl,
    connectorPort,
    bankingServicePort,
    logs,
    env,
  });
  return {
    connectorUrl,
    sage: bankingServiceClient(bankingServiceUrl),
    stop,
    press: () => writeFileSync(file, ""),
    relieve: () => rmSync(file),
  };
}

const asBrowser = { "sec-fetch-mode": "navigate", accept: "text/html", "accept-language": "fr-FR" };

test("a connector that has too much to do says so in the words of each address, and goes on afterwards", async ({
  busy,
}) => {
  const { sage, connectorUrl, press, relieve } = busy;
  const { authrefreshUrl } = await sage.createAuthorisation();
  const [, screen = ""] =
    /<a href="([^"]+)"/.exec(await (await fetch(authrefreshUrl)).text()) ?? [];
  press();

  const page = await fetch(screen, { headers: asBrowser });
  expect([page.status, page.headers.get("retry-after")]).toEqual([503, "2"]);
  const html = await page.text();
  expect(html).toMatch(/^<!doctype html><html lang="fr-FR"/);
  expect(html).toContain(`href="${screen}`);
  const fragment = await fetch(authrefreshUrl);
  expect([fragment.status, fragment.headers.get("retry-after")]).toEqual([503, "2"]);
  expect(await fragment.text()).toMatch(/^<section/);
  expect(
    (await fetch(screen, { method: "POST", body: new URLSearchParams({ a: "b" }) })).status,
  ).toBe(503);
  expect(await (await fetch(screen, { method: "HEAD" })).text()).toBe("");
  const status = await fetch(`${screen}/status`);
  expect([status.status, status.headers.get("content-type")]).toEqual([
    503,
    "application/problem+json",
  ]);
  const notified = await sage.notify();
  expect([
    notified.status,
    notified.headers["retry-after"],
    notified.headers["content-type"],
  ]).toEqual([503, "2", "application/problem+json"]);
  const ready = await fetch(`${connectorUrl}/health/ready`);
  expect([ready.status, await ready.json()]).toEqual([503, { status: "overloaded" }]);
  expect((await fetch(`${connectorUrl}/health/live`)).status).toBe(200);

  relieve();
  expect((await fetch(screen, { headers: asBrowser })).status).toBe(200);
  expect((await sage.notify()).status).toBe(200);
});
