import { randomUUID } from "node:crypto";
import { expect, test } from "../support/connector-test.ts";
import { authrefreshUrlWith } from "../support/authrefresh-url.ts";
import { expectNoEcho, marker } from "../support/marked.ts";
import { start } from "../support/raw-journey.ts";
import { comparable, navigation, type RawAnswer, rawRequest } from "../support/raw-request.ts";

const callers = { "a program": {}, "a browser": navigation };

for (const [caller, headers] of Object.entries(callers)) {
  test(`unknown, expired, used, bound to other parameters, not allowed: to ${caller} all refusals are the same bytes`, async ({
    create,
    connector,
    database,
  }) => {
    const ask = (url: string) => rawRequest(url, { headers });
    const open = (changes = {}, authorisation = create()) =>
      authorisation.then((one) => ask(authrefreshUrlWith(connector.connectorUrl, one, changes)));

    const unknown = open({ authorisation_id: randomUUID(), externalId: marker });
    const neverNotified = create({ notify: false }).then(({ authrefreshUrl }) =>
      ask(authrefreshUrl),
    );
    const mismatched = Promise.all([create(), create()]).then(async ([one, other]) => {
      await ask(one.authrefreshUrl);
      return ask(
        authrefreshUrlWith(connector.connectorUrl, other, {
          authorisation_id: one.authorisationId,
        }),
      );
    });
    const expired = create().then(async ({ authorisationId, authrefreshUrl }) => {
      await database.expire(authorisationId);
      return ask(authrefreshUrl);
    });
    const used = create().then(async ({ authrefreshUrl }) => {
      await start(authrefreshUrl, "user_good");
      return ask(authrefreshUrl);
    });
    const running = create().then(async ({ authrefreshUrl }) => {
      await start(authrefreshUrl, "user_sms");
      return ask(authrefreshUrl);
    });
    const notAllowed = open({ redirect_uri: `https://evil.example/${marker}` });
    const withFragment = open({ redirect_uri: `${connector.bankingServiceUrl}/#${marker}` });

    const answers: RawAnswer[] = await Promise.all([
      unknown,
      neverNotified,
      mismatched,
      expired,
      used,
      running,
      notAllowed,
      withFragment,
    ]);
    const [first] = answers;
    if (!first) throw new Error("no answer");
    expect(first.status).toBe(403);
    expect(first.headers["content-type"]).toBe("text/html; charset=utf-8");
    for (const answer of answers) {
      expect(comparable(answer)).toEqual(comparable(first));
      expectNoEcho(answer);
    }
    expect(first.body.startsWith("<!doctype html>")).toBe(caller === "a browser");
    expect(first.body.startsWith("<section")).toBe(caller === "a program");
  });
}

test("an id that was never notified is waited for, since its notification may be on its way", async ({
  create,
}) => {
  const { authrefreshUrl } = await create({ notify: { delayMs: 700 } });
  const begun = performance.now();
  expect((await rawRequest(authrefreshUrl)).status).toBe(200);
  expect(performance.now() - begun).toBeGreaterThan(500);
});

test("what is malformed or not allowed is answered at once and waits for no notification", async ({
  create,
  connector,
}) => {
  const authorisation = await create({ notify: false });
  const begun = performance.now();
  expect(
    (await rawRequest(authrefreshUrlWith(connector.connectorUrl, authorisation, { state: null })))
      .status,
  ).toBe(400);
  expect(
    (
      await rawRequest(
        authrefreshUrlWith(connector.connectorUrl, authorisation, {
          redirect_uri: "https://evil.example/",
        }),
      )
    ).status,
  ).toBe(403);
  expect(performance.now() - begun).toBeLessThan(1900);
});
