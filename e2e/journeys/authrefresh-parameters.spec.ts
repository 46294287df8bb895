import { expect, test } from "../support/connector-test.ts";
import { authrefreshUrlWith, type AuthrefreshParameters } from "../support/authrefresh-url.ts";
import { expectNoEcho, marker } from "../support/marked.ts";
import { navigation, rawRequest } from "../support/raw-request.ts";

type Changes = Partial<Record<keyof AuthrefreshParameters, string | string[] | null>>;

const state = `state-${marker}`;
const uuid = "a7d66d27-e9ab-40b4-850a-447a541ca263";

const malformed: Record<string, Changes | { raw: string[]; without: keyof AuthrefreshParameters }> =
  {
    "no authorisation_id": { authorisation_id: null },
    "an empty authorisation_id": { authorisation_id: "" },
    "an authorisation_id that is no UUID": { authorisation_id: marker },
    "a UUID in braces": { authorisation_id: `{${uuid}}` },
    "a UUID with something behind it": { authorisation_id: `${uuid}0` },
    "a UUID with a line break": { authorisation_id: `${uuid}\n` },
    "an authorisation_id given twice": { authorisation_id: [uuid, uuid] },
    "no state": { state: null },
    "an empty state": { state: "" },
    "a state of 129 characters": { state: marker.padEnd(129, "x") },
    "a state with a space": { state: `${marker} x` },
    "a state with a letter outside ASCII": { state: `${marker}é` },
    "a state with markup": { state: `<b>${marker}` },
    "a state with an ampersand": { state: `${marker}&x=1` },
    "a state with a line break": { state: `${marker}\r\nX-Injected: 1` },
    "a state given twice": { state: [state, state] },
    "no redirect_uri": { redirect_uri: null },
    "an empty redirect_uri": { redirect_uri: "" },
    "a redirect_uri that is no address": { redirect_uri: marker },
    "a redirect_uri without a scheme": { redirect_uri: `//sage.com/${marker}` },
    "a redirect_uri over 512 characters": {
      redirect_uri: `https://sage.com/${marker}`.padEnd(513, "x"),
    },
    "a redirect_uri with a line break": {
      redirect_uri: `https://sage.com/${marker}\r\nSet-Cookie: a=b`,
    },
    "a redirect_uri with a backslash": { redirect_uri: `https:\\\\sage.com\\${marker}` },
    "a redirect_uri given twice": {
      redirect_uri: [`https://sage.com/${marker}`, "https://sage.com/"],
    },
    "no externalId": { externalId: null },
    "an empty externalId": { externalId: "" },
    "an externalId over 256 characters": { externalId: marker.padEnd(257, "x") },
    "an externalId over 256 bytes": { externalId: `${marker}${"é".repeat(128)}` },
    "an externalId with a NUL": { externalId: `${marker}\0` },
    "an externalId given twice": { externalId: [marker, marker] },
    "a bankaccount over 128 characters": { bankaccount: marker.padEnd(129, "x") },
    "a bankaccount given twice": { bankaccount: [marker, marker] },
    "a percent sign without digits": { without: "externalId", raw: [`externalId=${marker}%`] },
    "an escape that is no byte": { without: "externalId", raw: [`externalId=${marker}%zz`] },
    "bytes that are no UTF-8": { without: "externalId", raw: [`externalId=${marker}%E0%A4%A`] },
    "a letter in an overlong encoding": {
      without: "externalId",
      raw: [`externalId=${marker}%C0%AF`],
    },
    "a repeat under an encoded name": {
      without: "state",
      raw: [`state=${state}`, `%73tate=${state}`],
    },
    "a parameter in PHP’s spelling of a list": { without: "state", raw: [`state[]=${state}`] },
    "the name in other letters": { without: "externalId", raw: [`externalid=${marker}`] },
  };

for (const [what, change] of Object.entries(malformed)) {
  test(`${what} is answered 400, echoes nothing and fixes nothing`, async ({
    create,
    connector,
    database,
  }) => {
    const authorisation = await create();
    const [changes, raw] =
      "raw" in change ? [{ [change.without as string]: null }, change.raw] : [change, []];
    const url = authrefreshUrlWith(connector.connectorUrl, authorisation, changes, raw);
    for (const headers of [{}, navigation]) {
      const answer = await rawRequest(url, {
        headers: { ...headers, referer: `https://sage.com/${marker}`, "user-agent": marker },
      });
      expect(answer.status).toBe(400);
      expect(answer.headers["content-type"]).toBe("text/html; charset=utf-8");
      expectNoEcho(answer);
    }
    expect(await database.stored(authorisation.authorisationId)).toMatchObject({
      parametersFixed: false,
      claimed: false,
    });
    expect((await rawRequest(authorisation.authrefreshUrl)).status).toBe(200);
  });
}

const accepted: Record<string, Changes> = {
  "no bankaccount": { bankaccount: null },
  "an empty bankaccount": { bankaccount: "" },
  "a bankaccount of 128 characters": { bankaccount: "b".repeat(128) },
  "an externalId of 256 bytes": { externalId: "é".repeat(128) },
  "an externalId of two UUIDs": { externalId: `${uuid}:${uuid}` },
  "an externalId in base64": { externalId: "a+/b==" },
  "a state of 128 characters": { state: "~".repeat(128) },
};

for (const [what, changes] of Object.entries(accepted)) {
  test(`${what} is accepted`, async ({ create, connector }) => {
    const url = authrefreshUrlWith(connector.connectorUrl, await create(), changes);
    expect((await rawRequest(url)).status).toBe(200);
    expect((await rawRequest(url, { headers: navigation })).status).toBe(200);
  });
}

test("an authorisation_id in capitals is the same one, and parameters we do not know are left alone", async ({
  create,
  connector,
}) => {
  const authorisation = await create();
  const changes = { authorisation_id: authorisation.authorisationId.toUpperCase() };
  const answer = await rawRequest(
    authrefreshUrlWith(connector.connectorUrl, authorisation, changes, [
      `locale=${marker}`,
      marker,
      "__proto__=x",
      "constructor=x",
    ]),
  );
  expect(answer.status).toBe(200);
  expectNoEcho(answer);
});
