import { request as send } from "node:http";
import { expect, test } from "vitest";

import { goodAccessToken, sendPatch } from "./provider-calls.fixture.ts";
import { startPair } from "./start-with-fake-connector.fixture.ts";
import { returnAddress } from "./return-address.ts";

/** Opens an address as a browser does: `*.localhost` is loopback to it, which it is not to Node. */
function open(address: string): Promise<{ status: number; location: string }> {
  const { host, port, pathname, search } = new URL(address);
  return new Promise((resolve, reject) => {
    const request = send(
      { host: "127.0.0.1", port, path: pathname + search, headers: { host } },
      (response) => {
        response.resume();
        resolve({ status: response.statusCode ?? 0, location: response.headers.location ?? "" });
      },
    );
    request.on("error", reject).end();
  });
}

test("a browser that returns after the PATCH finds the feed active", async () => {
  const { client, settings } = await startPair();
  const { authorisationId, redirectUri, state } = await client.createAuthorisation();
  await sendPatch(settings, authorisationId, await goodAccessToken(settings));
  const { status, location } = await open(returnAddress(redirectUri, state));
  expect(status).toBe(302);
  expect(location).toMatch(
    new RegExp(`^http://ui\\.localhost:\\d+/authorisations/${authorisationId}/finished$`),
  );
  expect((await open(location)).status).toBe(200);
  expect(await client.authorisation(authorisationId)).toMatchObject({
    active: true,
    patchedBeforeArrival: true,
    arrivals: [{ exact: true, url: `${redirectUri}?state=${state}` }],
  });
});

test("a browser that returns before the PATCH does not, and the PATCH after it does not change that", async () => {
  const { client, settings } = await startPair();
  const { authorisationId, redirectUri, state } = await client.createAuthorisation();
  await open(returnAddress(redirectUri, state));
  expect(await client.authorisation(authorisationId)).toMatchObject({
    active: false,
    patchedBeforeArrival: null,
  });
  await sendPatch(settings, authorisationId, await goodAccessToken(settings));
  expect(await client.authorisation(authorisationId)).toMatchObject({
    active: false,
    patchedBeforeArrival: false,
  });
});

test("a PATCH with another status than success does not make the feed active", async () => {
  const { client, settings } = await startPair();
  const { authorisationId, redirectUri, state } = await client.createAuthorisation();
  const body = '{"data":{"status":"failed"}}';
  await sendPatch(settings, authorisationId, await goodAccessToken(settings), { body });
  await open(returnAddress(redirectUri, state));
  expect(await client.authorisation(authorisationId)).toMatchObject({
    active: false,
    patchedBeforeArrival: null,
  });
});

test.each([
  ["no state", (uri: string) => uri],
  ["another state", (uri: string) => `${uri}?state=other`],
  ["the state twice", (uri: string, state: string) => `${uri}?state=${state}&state=${state}`],
  [
    "the state encoded anew",
    (uri: string, state: string) => `${uri}?state=${percentEncoded(state)}`,
  ],
  ["something appended", (uri: string, state: string) => `${uri}?state=${state}&error=denied`],
])("a return with %s is refused and recorded", async (_name, address) => {
  const { client } = await startPair();
  const { authorisationId, redirectUri, state } = await client.createAuthorisation();
  expect((await open(address(redirectUri, state))).status).toBe(403);
  expect((await client.authorisation(authorisationId)).arrivals).toMatchObject([{ exact: false }]);
});

/** The same text to a URL parser, other bytes on the wire. */
function percentEncoded(text: string): string {
  return text.replace(/./g, (character) => `%${character.charCodeAt(0).toString(16)}`);
}

test("a redirect_uri with a query gets the state as one more parameter", async () => {
  const { client, settings } = await startPair();
  const origin = settings.FRAME_ANCESTORS.split(" ")[2] ?? "";
  const redirectUri = `${origin}/api/v1/indirectredirect/own?flow=a%20b`;
  const { authorisationId } = await client.createAuthorisation({ redirectUri, state: "own-state" });
  expect((await open(`${redirectUri}&state=own-state`)).status).toBe(302);
  expect((await client.authorisation(authorisationId)).arrivals).toMatchObject([{ exact: true }]);
});

test("an address nobody gave out is not found, and a host that is not ours is refused", async () => {
  const { url, settings } = await startPair();
  const origin = settings.FRAME_ANCESTORS.split(" ")[2] ?? "";
  expect((await open(`${origin}/api/v1/indirectredirect/unknown?state=x`)).status).toBe(404);
  expect((await open(url.replace("127.0.0.1", "evil.example"))).status).toBe(421);
});

test("localhost, which is the connector’s site, is sent to the product page’s own host", async () => {
  const { url } = await startPair();
  const { status, location } = await open(
    `${url.replace("127.0.0.1", "localhost")}/?scenario=user_sms`,
  );
  expect([status, location]).toEqual([302, `${url}/?scenario=user_sms`]);
});
