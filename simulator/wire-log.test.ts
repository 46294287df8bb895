import { expect, test } from "vitest";

import { goodAccessToken, requestToken, sendPatch } from "./provider-calls.fixture.ts";
import { startPair } from "./start-with-fake-connector.fixture.ts";
import { createWireLog, type WireCall } from "./wire-log.ts";

const CALL: WireCall = {
  at: "2026-01-01T00:00:00.000Z",
  milliseconds: 1,
  from: "connector",
  to: "Sage ID",
  method: "GET",
  path: "/",
  status: 200,
  request: "",
  response: "",
  authorisationId: null,
};

test("the wire log has every call in both directions, in order", async () => {
  const { client, settings } = await startPair();
  const { authorisationId } = await client.createAuthorisation();
  await fetch(settings.SAGE_ID_JWKS_URL);
  await sendPatch(settings, authorisationId, await goodAccessToken(settings));
  const entries = await client.wire();
  expect(
    entries.map(
      ({ from, to, method, path, status }) => `${from} > ${to} ${method} ${path} ${status}`,
    ),
  ).toEqual([
    "Banking Service > connector POST /notification 200",
    "connector > Sage ID GET /sage-id/.well-known/jwks.json 200",
    "connector > Sage ID POST /sage-id/oauth/token 200",
    `connector > Provider API PATCH /provider/v1/authorisations/${authorisationId} 200`,
  ]);
  expect(await client.wire({ after: entries[2]?.n ?? 0 })).toHaveLength(1);
  expect(await client.wire({ authorisationId })).toHaveLength(2);
  await client.clearWire();
  expect(await client.wire()).toEqual([]);
});

test("no secret is on the wire log, not even one sent in a wrong place", async () => {
  const { client, settings } = await startPair();
  const { authorisationId } = await client.createAuthorisation();
  const accessToken = await goodAccessToken(settings);
  await requestToken(settings, { client_secret: "a-wrong-secret" });
  const body = JSON.stringify({ key: settings.PROVIDER_API_KEY, accessToken });
  await sendPatch(settings, authorisationId, accessToken, { body });
  await client.notify({ body: { oops: settings.SAGE_ID_CLIENT_SECRET } });
  const log = JSON.stringify(await client.wire());
  for (const secret of [
    settings.NOTIFICATION_HEADER_VALUES,
    settings.SAGE_ID_CLIENT_SECRET,
    settings.PROVIDER_API_KEY,
    accessToken,
    "a-wrong-secret",
    "eyJ",
  ]) {
    expect(log).not.toContain(secret);
  }
  expect(log).toContain("client_secret=••••••");
});

test("a lost reply stands on the wire log without a status", async () => {
  const { client, settings } = await startPair();
  await client.setFaults({ jwks: [{ loseReply: true }] });
  await expect(fetch(settings.SAGE_ID_JWKS_URL)).rejects.toThrow();
  expect(await client.wire()).toMatchObject([{ status: null, response: "" }]);
});

test("the oldest entries go when the log is full, and the numbers go on", () => {
  const wire = createWireLog((text) => text);
  for (let n = 0; n < 1_200; n++) wire.add(CALL);
  const entries = wire.after(0);
  expect(entries).toHaveLength(1_000);
  expect(entries.at(-1)?.n).toBe(1_200);
  wire.clear();
  wire.add(CALL);
  expect(wire.after(0)[0]?.n).toBe(1_201);
});

test("a secret is masked before its text is cut", () => {
  const wire = createWireLog((text) => text.replace("secret", "•"));
  wire.add({ ...CALL, response: `${"x".repeat(997)}secret` });
  expect(wire.after(0)[0]?.response).toBe(`${"x".repeat(997)}•`);
});
