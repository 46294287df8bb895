import { expect, test } from "../support/connector-test.ts";
import { expectNoEcho, marker } from "../support/marked.ts";
import { credentials, firstScreen, formOf, start } from "../support/raw-journey.ts";
import { navigation, rawRequest } from "../support/raw-request.ts";

const known: [path: string, allow: string][] = [
  ["/notification", "POST"],
  ["/notifications", "POST"],
  ["/authrefresh", "GET, HEAD"],
  ["/authrefresh/garbage", "GET, HEAD, POST"],
  ["/authrefresh/garbage/status", "GET, HEAD"],
  ["/health/live", "GET, HEAD"],
  ["/health/ready", "GET, HEAD"],
];
const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"];

for (const [path, allow] of known) {
  test(`${path} answers 405 and says what it allows to every method but ${allow}`, async ({
    connector,
  }) => {
    for (const method of methods.filter((name) => !allow.split(", ").includes(name))) {
      const answer = await rawRequest(`${connector.connectorUrl}${path}?x=${marker}`, { method });
      expect({ method, status: answer.status, allow: answer.headers.allow }).toEqual({
        method,
        status: 405,
        allow,
      });
      expectNoEcho(answer);
    }
  });
}

const strange = [
  "/",
  `/${marker}`,
  `/api/${marker}`,
  "/_next/static/x.js",
  "/_next/data/x.json",
  "/_next/image?url=%2Fx&w=64&q=75",
  "/404",
  "/500",
  "/_error",
  "/_not-found",
  "//",
  `//${marker}`,
  "/authrefresh/",
  "/authrefresh//",
  "/authrefresh/a/b",
  "/authrefresh/a/status/",
  "/notification/",
  "/AUTHREFRESH",
  "/authrefresh/%E0%A4%A",
  "/authrefresh/..%2f..",
  "/health",
  "/favicon.ico",
  "/robots.txt",
  "/.env",
  "/assets/",
  "/assets/wizard.js",
  "/index.html",
];

test("anything else is 404, without framework script, echo or redirect, for programs and browsers", async ({
  connector,
}) => {
  for (const path of strange) {
    for (const headers of [{}, navigation]) {
      for (const method of ["GET", "POST"]) {
        const answer = await rawRequest(`${connector.connectorUrl}${path}`, {
          method,
          headers: { ...headers, rsc: "1", "next-action": marker, "x-nextjs-data": "1" },
        });
        const expected = path.startsWith("/authrefresh/..%2f") ? [404, 410] : [404];
        expect({
          path,
          method,
          found: expected.includes(answer.status) ? "none" : answer.status,
        }).toEqual({ path, method, found: "none" });
        expect(answer.body).not.toMatch(
          /_next|__NEXT|<script(?! type="module" src="[^"]*\/assets\/wizard-)/,
        );
        expectNoEcho(answer);
      }
    }
  }
});

test("the assets are at their hashed addresses and nowhere else", async ({ create, connector }) => {
  const { body } = await firstScreen((await create()).authrefreshUrl);
  const urls = [...body.matchAll(/(?:href|src)="([^"]+\/assets\/[^"]+)"/g)].map(
    ([, url = ""]) => url,
  );
  expect(urls).toHaveLength(2);
  for (const url of urls) {
    const asset = await rawRequest(url);
    expect(asset.status).toBe(200);
    expect(asset.headers).toMatchObject({
      "cache-control": "public, max-age=31536000, immutable",
      "x-content-type-options": "nosniff",
    });
    const file = /([^/]+)-[0-9a-f]+(\.\w+)$/.exec(url);
    for (const other of [
      `${connector.connectorUrl}/${file?.[1] ?? ""}${file?.[2] ?? ""}`,
      url.replace(/-[0-9a-f]+\./, "."),
    ]) {
      expect({ other, status: (await rawRequest(other)).status }).toEqual({ other, status: 404 });
    }
    // A style sheet may be that of a bank which only another replica knows yet: then ours stands in
    // for it, for once.
    const unknown = await rawRequest(url.replace(/-[0-9a-f]+\./, "-0000000000."));
    expect(unknown).toMatchObject(
      url.endsWith(".css")
        ? { status: 200, body: asset.body, headers: { "cache-control": "no-store" } }
        : { status: 404 },
    );
  }
});

test("headers that would steer the framework change nothing", async ({ create }) => {
  const { authrefreshUrl } = await create();
  const plain = await rawRequest(authrefreshUrl, { headers: navigation });
  for (const steering of [
    { rsc: "1" },
    { "next-router-prefetch": "1" },
    { "x-middleware-subrequest": "middleware" },
    { "x-nextjs-data": "1" },
    { "x-matched-path": "/health/live" },
    { "x-forwarded-host": "evil.example" },
    { "x-http-method-override": "POST" },
  ]) {
    const answer = await rawRequest(authrefreshUrl, { headers: { ...navigation, ...steering } });
    expect(answer.status).toBe(200);
    expect(answer.headers["content-type"]).toBe(plain.headers["content-type"]);
    expect(answer.body).not.toContain("evil.example");
  }
});

test("no answer to a post sends it on with its body: never 301, 302, 307 or 308", async ({
  create,
  connector,
}) => {
  const { authrefreshUrl } = await create();
  const form = formOf(await firstScreen(authrefreshUrl));
  const session =
    (await start((await create()).authrefreshUrl, "user_sms")).posted.headers.location ?? "";
  const body = new URLSearchParams({
    form_token: form.token,
    ...credentials(marker, marker),
  }).toString();
  const slashes = new URL(session).pathname.replace("/authrefresh/", "//authrefresh//");
  const urls = [
    form.url,
    `${form.url}/`,
    `${form.url}?x=1`,
    session,
    `${session}/`,
    `${session}/status`,
    `${connector.connectorUrl}${slashes}`,
    `${connector.connectorUrl}/authrefresh`,
    `${connector.connectorUrl}/`,
    `${connector.connectorUrl}/notification/`,
  ];
  for (const url of urls) {
    for (const headers of [{}, { rsc: "1" }, { "next-action": "x" }]) {
      const answer = await rawRequest(url, {
        method: "POST",
        headers: {
          ...navigation,
          ...headers,
          origin: connector.connectorUrl,
          "content-type": "application/x-www-form-urlencoded",
        },
        body,
      });
      expect([303, 403, 404, 405, 415]).toContain(answer.status);
      if (answer.status === 303)
        expect(answer.headers.location).toMatch(
          new RegExp(`^${connector.connectorUrl}/authrefresh/[\\w-]+$`),
        );
    }
  }
});

test("health is told in JSON", async ({ connector }) => {
  for (const [path, status] of [
    ["live", "live"],
    ["ready", "ready"],
  ]) {
    const answer = await rawRequest(`${connector.connectorUrl}/health/${path}`);
    expect([answer.status, answer.headers["content-type"], JSON.parse(answer.body)]).toEqual([
      200,
      "application/json",
      { status },
    ]);
  }
});
