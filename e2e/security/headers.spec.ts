import { expect, test } from "../support/connector-test.ts";
import { credentials, firstScreen, follow, formOf, postForm } from "../support/raw-journey.ts";
import { navigation, type RawAnswer, rawRequest } from "../support/raw-request.ts";

test("every answer has the headers that every answer needs, and no page is compressed", async ({
  create,
  connector,
}) => {
  const { authrefreshUrl } = await create();
  const first = await firstScreen(authrefreshUrl);
  const posted = await postForm(formOf(first), credentials("user_good"));
  const get = (path: string, headers: Record<string, string> = {}) =>
    rawRequest(connector.connectorUrl + path, {
      headers: { "accept-encoding": "gzip, br, deflate", ...headers },
    });
  const asset = /src="[^"]*(\/assets\/wizard-[^"]+\.js)"/.exec(first.body)?.[1] ?? "";
  const answers: Record<string, RawAnswer> = {
    "first screen": first,
    "answer to a form": posted,
    "last screen": await follow(posted),
    fragment: await rawRequest(authrefreshUrl),
    refusal: await get("/authrefresh?x", navigation),
    gone: await get("/authrefresh/nobody", navigation),
    "status of nobody": await get("/authrefresh/nobody/status"),
    "way to nobody’s bank": await get("/authrefresh/nobody/bank", navigation),
    "ping of nobody": await rawRequest(`${connector.connectorUrl}/bank/ping`, {
      method: "POST",
      headers: { authorization: "Bearer nobody" },
    }),
    "not found": await get("/nothing"),
    "refused by our own server": await get("//nothing"),
    notification: await rawRequest(`${connector.connectorUrl}/notification`, {
      method: "POST",
      body: "{}",
    }),
    health: await get("/health/live"),
    asset: await get(asset),
  };
  for (const [what, { status, headers }] of Object.entries(answers)) {
    expect(headers["permissions-policy"], what).toContain("camera=()");
    expect(headers["cross-origin-opener-policy"], what).toBe("same-origin");
    expect(headers["cross-origin-resource-policy"], what).toBe(
      what === "asset" ? "cross-origin" : "same-origin",
    );
    if (status !== 303) expect(headers["x-content-type-options"], what).toBe("nosniff");
    for (const name of ["set-cookie", "x-powered-by", "server", "x-frame-options"])
      expect(headers[name], `${what}: ${name}`).toBeUndefined();
    if (what !== "asset") expect(headers["content-encoding"], what).toBeUndefined();
    if (what !== "asset") expect(headers["cache-control"], what).toBe("no-store");
    // Nothing here is behind TLS (RFC 6797 §7.2).
    expect(headers["strict-transport-security"], what).toBeUndefined();
    if (
      headers["content-type"]?.startsWith("text/html") ||
      headers["content-type"]?.includes("json")
    )
      expect(headers["content-security-policy"], what).toContain("default-src 'none'");
    if (headers["content-type"]?.startsWith("text/html"))
      expect(headers["referrer-policy"], what).toBe("same-origin");
  }
});

test("other spellings of Host change nothing, and no address of theirs comes back", async ({
  create,
}) => {
  for (const host of ["evil.example", "localhost:1", "[::1]", ""]) {
    const { authrefreshUrl } = await create();
    const first = await rawRequest(authrefreshUrl, {
      headers: {
        ...navigation,
        host,
        "x-forwarded-host": "evil.example",
        "x-forwarded-proto": "ftp",
        forwarded: "host=evil.example",
        "x-original-url": "/evil",
        "x-rewrite-url": "/evil",
      },
    });
    expect(first.status).toBe(200);
    expect(JSON.stringify(first)).not.toContain("evil");
    const posted = await postForm(formOf(first), credentials("user_good"), {
      host: "evil.example",
      "x-forwarded-host": "evil.example",
    });
    expect(posted.status).toBe(303);
    expect(posted.headers.location).not.toContain("evil");
  }
  // No host at all (RFC 9112 §3.2).
  const refused = await rawRequest((await create()).authrefreshUrl, {
    headers: { ...navigation, host: "evil.example:80@localhost" },
  });
  expect(refused.status).toBe(400);
  expect(JSON.stringify(refused)).not.toContain("evil");
});
