import { expect, test } from "../support/connector-test.ts";
import { authrefreshUrlWith } from "../support/authrefresh-url.ts";
import { credentials, firstScreen, formOf, postForm } from "../support/raw-journey.ts";
import { comparable, navigation, rawRequest } from "../support/raw-request.ts";

const differences: Record<string, Record<string, string | null>> = {
  redirect_uri: { redirect_uri: "REDIRECT" },
  state: { state: "another-state" },
  externalId: { externalId: "another-account" },
  bankaccount: { bankaccount: "another-bank" },
  "a bankaccount that is missing": { bankaccount: null },
};

for (const [what, changes] of Object.entries(differences)) {
  test(`after the first set of parameters another ${what} is refused, and the first set still works`, async ({
    create,
    connector,
  }) => {
    const authorisation = await create();
    expect((await rawRequest(authorisation.authrefreshUrl)).status).toBe(200);
    const other =
      "redirect_uri" in changes ? { redirect_uri: `${authorisation.redirectUri}/other` } : changes;
    const url = authrefreshUrlWith(connector.connectorUrl, authorisation, other);
    expect((await rawRequest(url)).status).toBe(403);
    expect((await rawRequest(url, { headers: navigation })).status).toBe(403);
    expect((await rawRequest(authorisation.authrefreshUrl)).status).toBe(200);
    const form = formOf(await firstScreen(authorisation.authrefreshUrl));
    expect((await postForm(form, credentials("user_good"))).status).toBe(303);
  });
}

test("of many different sets that come at once one is bound, and the others are refused", async ({
  create,
  connector,
}) => {
  const authorisation = await create();
  const sets = Array.from({ length: 8 }, (_, index) =>
    authrefreshUrlWith(connector.connectorUrl, authorisation, { state: `state-${index}` }),
  );
  const answers = await Promise.all(sets.map((url) => rawRequest(url)));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(7).fill(403)]);
});

test("the same request many times over is answered alike and uses nothing up", async ({
  create,
  database,
}) => {
  const { authrefreshUrl, authorisationId } = await create();
  const fragments = await Promise.all(Array.from({ length: 10 }, () => rawRequest(authrefreshUrl)));
  expect(new Set(fragments.map(({ status }) => status))).toEqual(new Set([200]));
  const documents = await Promise.all(
    Array.from({ length: 10 }, () => firstScreen(authrefreshUrl)),
  );
  expect(new Set(documents.map(({ status }) => status))).toEqual(new Set([200]));
  expect(await database.stored(authorisationId)).toMatchObject({ claimed: false, sessions: 0 });
});

const lookAheads = {
  HEAD: { method: "HEAD" },
  "HEAD by a browser": { method: "HEAD", headers: navigation },
  "a prefetch": { headers: { ...navigation, "sec-purpose": "prefetch" } },
  "a prerender": { headers: { ...navigation, "sec-purpose": "prefetch;prerender" } },
  "a prefetch of older browsers": { headers: { ...navigation, purpose: "prefetch" } },
};

for (const [what, options] of Object.entries(lookAheads)) {
  test(`${what} fixes nothing: another set of parameters is still taken after it`, async ({
    create,
    connector,
    database,
  }) => {
    const authorisation = await create();
    expect((await rawRequest(authorisation.authrefreshUrl, options)).status).toBe(200);
    expect(await database.stored(authorisation.authorisationId)).toMatchObject({
      parametersFixed: false,
      claimed: false,
    });
    expect(
      (
        await rawRequest(
          authrefreshUrlWith(connector.connectorUrl, authorisation, { state: "another-state" }),
        )
      ).status,
    ).toBe(200);
  });
}

test("HEAD has the status and headers of GET and no body", async ({ create, connector }) => {
  const authorisation = await create();
  const refused = authrefreshUrlWith(connector.connectorUrl, authorisation, {
    redirect_uri: "https://evil.example/",
  });
  const malformed = authrefreshUrlWith(connector.connectorUrl, authorisation, { state: null });
  for (const url of [
    authorisation.authrefreshUrl,
    refused,
    malformed,
    `${connector.connectorUrl}/authrefresh/garbage`,
  ]) {
    for (const headers of [{}, navigation]) {
      const got = comparable(await rawRequest(url, { headers }));
      expect(comparable(await rawRequest(url, { method: "HEAD", headers }))).toEqual({
        ...got,
        body: "",
      });
    }
  }
});
