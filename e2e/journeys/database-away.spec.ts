import { expect, test as base } from "playwright/test";
import { databaseTarget } from "../../lib/config/database-url.ts";
import { freePorts } from "../../testing/free-port.mjs";
import { startPair } from "../../testing/start-connector.mjs";
import { bankingServiceClient } from "../../simulator/client.ts";
import { startCuttableProxy } from "../../testing/cuttable-proxy.ts";
import { pair } from "../support/pair.ts";

// The built connector with a database that can be taken away; bundling has broken this once where
// no unbundled test could see it.
const test = base.extend<{ apart: Awaited<ReturnType<typeof start>> }>({
  apart: async ({}, use, testInfo) => {
    const apart = await start(testInfo.outputPath("logs"));
    await use(apart);
    await apart.stop();
  },
});

async function start(logs: string) {
  const { databaseUrl } = pair();
  const proxy = await startCuttableProxy(databaseTarget(databaseUrl).hosts[0]);
  const throughProxy = `${databaseUrl}${databaseUrl.includes("?") ? "&" : "?"}host=127.0.0.1&port=${proxy.port}`;
  const [connectorPort = 0, bankingServicePort = 0] = await freePorts(2);
  const { connectorUrl, bankingServiceUrl, stop } = await startPair({
    databaseUrl: throughProxy,
    connectorPort,
    bankingServicePort,
    logs,
  });
  return {
    proxy,
    connectorUrl,
    sage: bankingServiceClient(bankingServiceUrl),
    async stop() {
      proxy.mend();
      await stop();
      await proxy.close();
    },
  };
}

/** The first screen's form, as a browser would post it. */
async function firstForm(authrefreshUrl: string) {
  const [, entry = ""] = /<a href="([^"]+)"/.exec(await (await fetch(authrefreshUrl)).text()) ?? [];
  const html = await (await fetch(entry)).text();
  const [, url = ""] = /<form [^>]*action="([^"]+)"/.exec(html) ?? [];
  const [, token = ""] = /name="form_token"[^>]* value="([^"]+)"/.exec(html) ?? [];
  return {
    address: url,
    post: (username: string) =>
      fetch(url, {
        method: "POST",
        redirect: "manual",
        body: new URLSearchParams({
          form_token: token,
          action: "continue",
          username,
          password: "pass_good",
        }),
      }),
  };
}

test("while the database is away every answer is 503 with Retry-After, and afterwards nothing was lost", async ({
  apart,
}) => {
  const { proxy, sage, connectorUrl } = apart;
  const { authrefreshUrl } = await sage.createAuthorisation();
  const form = await firstForm(authrefreshUrl);
  proxy.cut();

  const notified = await sage.notify();
  expect(notified.status).toBe(503);
  expect(notified.headers["retry-after"]).toBeDefined();
  for (const answer of [
    await fetch(authrefreshUrl),
    await fetch(form.address),
    await fetch(`${form.address}/status`),
    await form.post("user_good"),
  ]) {
    expect(answer.status).toBe(503);
    expect(answer.headers.get("retry-after")).not.toBeNull();
  }
  // One answer is shared for half a second.
  await expect.poll(async () => (await fetch(`${connectorUrl}/health/ready`)).status).toBe(503);
  expect((await fetch(`${connectorUrl}/health/live`)).status).toBe(200);

  proxy.mend();
  await expect.poll(async () => (await fetch(`${connectorUrl}/health/ready`)).status).toBe(200);
  const posted = await form.post("user_good");
  expect(posted.status).toBe(303);
  expect(await (await fetch(posted.headers.get("location") ?? "")).text()).toContain(
    "Your bank feed is connected again",
  );
});

test("what the bank said while the database was away is not lost", async ({ apart }) => {
  const { proxy, sage } = apart;
  const { authorisationId, authrefreshUrl } = await sage.createAuthorisation();
  const form = await firstForm(authrefreshUrl);
  const posted = await form.post("user_slow");
  expect(posted.status).toBe(303);
  const url = posted.headers.get("location") ?? "";
  proxy.cut();
  // The bank thinks for 8 s in all; the database is away until it has long spoken.
  const cutAt = performance.now();
  await expect.poll(() => performance.now() - cutAt, { timeout: 30_000 }).toBeGreaterThan(9000);
  proxy.mend();
  await expect
    .poll(async () => (await sage.authorisation(authorisationId)).patches.length, {
      timeout: 30_000,
    })
    .toBe(1);
  await expect
    .poll(async () => (await fetch(url)).text(), { timeout: 30_000 })
    .toContain("Your bank feed is connected again");
});
