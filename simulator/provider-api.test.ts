import { describe, expect, test } from "vitest";

import { goodAccessToken, requestToken, sendPatch } from "./provider-calls.fixture.ts";
import { startPair } from "./start-with-fake-connector.fixture.ts";

describe("the token endpoint", () => {
  test("gives a token of 480 minutes to the right client, another each time, and counts", async () => {
    const { settings, client } = await startPair();
    const answers = await Promise.all([requestToken(settings), requestToken(settings)]);
    const [one, other] = await Promise.all(answers.map((answer) => answer.json()));
    expect(one).toEqual({
      access_token: expect.any(String),
      token_type: "Bearer",
      expires_in: 28_800,
    });
    expect(one.access_token).not.toBe(other.access_token);
    expect(await client.counts()).toMatchObject({ tokenRequests: 2, tokensIssued: 2 });
  });

  test.each([
    ["client id", { client_id: "other" }, 401],
    ["client secret", { client_secret: "other" }, 401],
    ["audience", { audience: "other" }, 403],
    ["grant type", { grant_type: "password" }, 400],
  ])("refuses another %s", async (_name, overrides, status) => {
    const { settings, client } = await startPair();
    const answer = await requestToken(settings, overrides);
    expect(answer.status).toBe(status);
    expect(await answer.json()).not.toHaveProperty("access_token");
    expect(await client.counts()).toMatchObject({ tokenRequests: 1, tokensIssued: 0 });
  });

  test("refuses what is not form-encoded", async () => {
    const { settings } = await startPair();
    const answer = await fetch(settings.SAGE_ID_TOKEN_URL, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        grant_type: "client_credentials",
        client_id: settings.SAGE_ID_CLIENT_ID,
        client_secret: settings.SAGE_ID_CLIENT_SECRET,
        audience: settings.PROVIDER_API_AUDIENCE,
      }),
    });
    expect(answer.status).toBe(400);
  });
});

describe("PATCH /v1/authorisations/{id}", () => {
  test("takes effect with key, token and body right", async () => {
    const { settings, client } = await startPair();
    const { authorisationId } = await client.createAuthorisation();
    const answer = await sendPatch(settings, authorisationId, await goodAccessToken(settings));
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ data: { id: authorisationId } });
    const { patches, active } = await client.authorisation(authorisationId);
    expect(patches).toMatchObject([
      { applied: true, status: 200, body: { data: { status: "success" } } },
    ]);
    expect(active).toBe(false);
  });

  test.each([
    ["a wrong key", { headers: { "x-api-key": "wrong" } }, 403],
    ["a token it never gave", { headers: { authorization: "Bearer eyJ.eyJ.sig" } }, 401],
    ["a token without its type", { headers: { authorization: "eyJ.eyJ.sig" } }, 401],
    ["another content type", { headers: { "content-type": "text/plain" } }, 415],
    ["what is not JSON", { body: '{"data":' }, 400],
    ["no status", { body: '{"data":{}}' }, 400],
    [
      "bankAccounts that are no list",
      { body: '{"data":{"status":"success","bankAccounts":{}}}' },
      400,
    ],
  ])("is refused with %s, and recorded", async (_name, overrides, status) => {
    const { settings, client } = await startPair();
    const { authorisationId } = await client.createAuthorisation();
    const answer = await sendPatch(
      settings,
      authorisationId,
      await goodAccessToken(settings),
      overrides,
    );
    expect(answer.status).toBe(status);
    expect((await client.authorisation(authorisationId)).patches).toMatchObject([
      { applied: false, status },
    ]);
  });

  test.each([
    { externalId: "x" },
    { accountName: "x" },
    { bankAccountExternalId: "" },
    { bankAccountExternalId: "x", accountName: null },
    { bankAccountExternalId: "x", sortCode: "200000" },
    "x",
  ])("is refused with an account that is not by Sage's names: %j", async (item) => {
    const { settings, client } = await startPair();
    const { authorisationId } = await client.createAuthorisation();
    const body = JSON.stringify({
      data: { status: "success", bankAccounts: [{ bankAccountExternalId: "y" }, item] },
    });
    const answer = await sendPatch(settings, authorisationId, await goodAccessToken(settings), {
      body,
    });
    expect(answer.status).toBe(400);
    expect((await answer.json()).message).toMatch(/^bankAccounts\[1\] must have/);
  });

  test("takes effect with accounts by Sage's names, and shows them", async () => {
    const { settings, client } = await startPair();
    const { authorisationId } = await client.createAuthorisation();
    const body = {
      data: {
        status: "success",
        bankAccounts: [
          { bankAccountExternalId: "x" },
          {
            bankAccountExternalId: "y",
            accountName: "Business account",
            bankIdentifier: "200000",
            branchIdentifier: "01",
            accountIdentifier: "55779911",
          },
        ],
      },
    };
    await sendPatch(settings, authorisationId, await goodAccessToken(settings), {
      body: JSON.stringify(body),
    });
    expect((await client.authorisation(authorisationId)).patches).toMatchObject([
      { applied: true, status: 200, body },
    ]);
  });

  test("is refused for an authorisation nobody made", async () => {
    const { settings } = await startPair();
    expect((await sendPatch(settings, "unknown", await goodAccessToken(settings))).status).toBe(
      404,
    );
  });

  test("is refused once the tokens are revoked, until a new one is fetched", async () => {
    const { settings, client } = await startPair();
    const { authorisationId } = await client.createAuthorisation();
    const revoked = await goodAccessToken(settings);
    await client.revokeTokens();
    expect((await sendPatch(settings, authorisationId, revoked)).status).toBe(401);
    expect(
      (await sendPatch(settings, authorisationId, await goodAccessToken(settings))).status,
    ).toBe(200);
  });
});
