import type { RedirectVerdict } from "../../lib/authrefresh/redirect-uri.ts";
import { redirectUrlTricks } from "../../lib/authrefresh/redirect-uris.fixture.ts";
import { expect, test } from "../support/connector-test.ts";
import { authrefreshUrlWith } from "../support/authrefresh-url.ts";
import { expectNoEcho, marker } from "../support/marked.ts";
import { comparable, navigation, type RawAnswer, rawRequest } from "../support/raw-request.ts";

const statuses = { ok: 200, unparsable: 400, refused: 403 } as const satisfies Record<
  RedirectVerdict,
  number
>;
const callers = { "Banking Service": {}, "a browser": navigation };
const tricksOf = (verdict: RedirectVerdict) =>
  redirectUrlTricks.filter((trick) => trick.verdict === verdict);
// What an address cannot hold is sent as a browser would.
const sent = (url: string) => Buffer.from(url).toString();

for (const verdict of ["unparsable", "refused"] as const) {
  const tricks = tricksOf(verdict);
  for (const [caller, headers] of Object.entries(callers)) {
    test(`${tricks.length} tricks with redirect_uri that are ${verdict} are answered ${statuses[verdict]} to ${caller}, all by the same bytes, and fix nothing`, async ({
      create,
      connector,
      database,
    }) => {
      const authorisation = await create();
      const ask = (url: string) =>
        rawRequest(
          authrefreshUrlWith(connector.connectorUrl, authorisation, { redirect_uri: sent(url) }),
          { headers },
        );
      // What every other one must be alike holds nothing that was sent.
      const first = await ask(
        verdict === "refused" ? `https://evil.example/${marker}` : `/${marker}`,
      );
      expectNoEcho(first);
      for (const { trick, url } of tricks) {
        const answer: RawAnswer = await ask(url);
        expect.soft(answer.status, `${trick}: ${JSON.stringify(url)}`).toBe(statuses[verdict]);
        expect
          .soft(comparable(answer), `${trick}: ${JSON.stringify(url)}`)
          .toEqual(comparable(first));
      }
      expect(await database.stored(authorisation.authorisationId)).toMatchObject({
        parametersFixed: false,
        claimed: false,
      });
    });
  }
}

test(`${tricksOf("ok").length} odd addresses that are Sage’s all the same are taken`, async ({
  create,
  connector,
  database,
}) => {
  for (const { trick, url } of tricksOf("ok")) {
    const authorisation = await create();
    const answer = await rawRequest(
      authrefreshUrlWith(connector.connectorUrl, authorisation, { redirect_uri: url }),
    );
    expect.soft(answer.status, `${trick}: ${url}`).toBe(statuses.ok);
    expect
      .soft(await database.stored(authorisation.authorisationId), trick)
      .toMatchObject({ parametersFixed: true, claimed: false });
  }
});

// The simulator's own port: `localhost` with it is allowed, and what is under it.
const elsewhere = (port: string) => [
  `http://127.0.0.1:${port}/`,
  `http://2130706433:${port}/`,
  `http://redirect.localhost.:${port}/`,
  `http://xn--lcalhost-54a:${port}/`,
  `http://redirect%2Elocalhost:${port}/`,
];

test("an allowed name and port say nothing of another spelling of the same machine", async ({
  create,
  connector,
  database,
}) => {
  const authorisation = await create();
  for (const url of elsewhere(new URL(connector.bankingServiceUrl).port)) {
    const answer = await rawRequest(
      authrefreshUrlWith(connector.connectorUrl, authorisation, {
        redirect_uri: `${url}${marker}`,
      }),
    );
    expect(answer.status).toBe(403);
    expectNoEcho(answer);
  }
  expect(await database.stored(authorisation.authorisationId)).toMatchObject({
    parametersFixed: false,
  });
});
