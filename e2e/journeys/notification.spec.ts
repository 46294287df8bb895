import { randomUUID } from "node:crypto";
import type { NotificationOptions } from "../../simulator/control-api.ts";
import { expect, test } from "../support/connector-test.ts";
import { marker } from "../support/marked.ts";

const created = (id: string) => ({
  type: "resourceCreated",
  resource: { id, type: "authorisation", url: "NA" },
  additionalData: { bankId: randomUUID() },
});
const deep = (levels: number) => '{"a":'.repeat(levels) + "1" + "}".repeat(levels);

const untrusted: Record<string, NotificationOptions> = {
  "no header": { headerValue: null },
  "a wrong header": { headerValue: marker },
  "the right header twice over": { headers: {}, headerName: `x-${marker}` },
  "no token": { token: null },
  "a token that is none": { token: marker },
  "a token without a signature": { token: { alg: "none" } },
  "a token signed with the public key": { token: { alg: "HS256" } },
  "a token of a stranger": { token: { strangerKey: true } },
  "a token that has expired": { token: { expiresInSeconds: -3600 } },
  "a token for somebody else": { token: { audience: `https://${marker}.example/` } },
  "a token of another issuer": { token: { issuer: `https://${marker}.example/` } },
  "a token of another party": { token: { authorizedParty: marker } },
  "neither, and no JSON": {
    headerValue: null,
    token: null,
    contentType: "text/plain",
    rawBody: marker,
  },
  "neither, and too much": { headerValue: null, token: null, rawBody: marker.repeat(10_000) },
};

test("without both proofs every notification gets the same 401, whatever else is wrong with it", async ({
  bankingService,
}) => {
  const answers = await Promise.all(
    Object.values(untrusted).map((options) => bankingService.notify(options)),
  );
  const [first] = answers;
  for (const [index, answer] of answers.entries()) {
    const what = Object.keys(untrusted)[index];
    expect({
      what,
      status: answer.status,
      body: answer.body,
      type: answer.headers["content-type"],
    }).toEqual({ what, status: 401, body: first?.body, type: "application/problem+json" });
    expect(JSON.stringify(answer.headers) + answer.body).not.toContain(marker);
  }
});

const bad: Record<string, { options: NotificationOptions; status: number }> = {
  "bytes of some kind": { options: { contentType: "application/octet-stream" }, status: 415 },
  "plain text that is no JSON": {
    options: { contentType: "text/plain", rawBody: marker },
    status: 400,
  },
  "a form": { options: { contentType: "application/x-www-form-urlencoded" }, status: 415 },
  "no content type": { options: { contentType: null }, status: 415 },
  "more than 64 KiB": {
    options: {
      rawBody: JSON.stringify({ ...created(randomUUID()), padding: marker.repeat(7000) }),
    },
    status: 413,
  },
  "what is no JSON": { options: { rawBody: `{${marker}` }, status: 400 },
  nothing: { options: { rawBody: "" }, status: 400 },
  "a list": { options: { rawBody: "[]" }, status: 400 },
  "a word": { options: { rawBody: `"${marker}"` }, status: 400 },
  null: { options: { rawBody: "null" }, status: 400 },
  "JSON nested ten thousand levels deep": { options: { rawBody: deep(10_000) }, status: 400 },
  "lists nested deeply": { options: { rawBody: "[".repeat(30_000) }, status: 400 },
  "an authorisation without an id": {
    options: { body: { type: "resourceCreated", resource: { type: "authorisation" } } },
    status: 400,
  },
  "an authorisation whose id is no UUID": { options: { body: created(marker) }, status: 400 },
  "an id that is a list": {
    options: {
      body: { type: "resourceCreated", resource: { id: [randomUUID()], type: "authorisation" } },
    },
    status: 400,
  },
  "a resource that comes by way of __proto__": {
    options: {
      rawBody: `{"type":"resourceCreated","__proto__":{"resource":{"id":"${randomUUID()}","type":"authorisation"}}}`,
    },
    status: 400,
  },
  "an id with a NUL": {
    options: { body: { type: "x", resource: { id: `${marker}\0`, type: "bankAccount" } } },
    status: 400,
  },
};

for (const [what, { options, status }] of Object.entries(bad)) {
  test(`a notification that is ${what} is answered ${status} and echoes nothing, at both addresses`, async ({
    bankingService,
  }) => {
    for (const path of ["/notification", "/notifications"]) {
      const answer = await bankingService.notify({ ...options, path });
      expect([answer.status, answer.headers["content-type"]]).toEqual([
        status,
        "application/problem+json",
      ]);
      expect(JSON.stringify(answer.headers) + answer.body).not.toContain(marker);
    }
  });
}

test("all documented notifications, unknown types and fields we do not know are taken", async ({
  bankingService,
}) => {
  const id = randomUUID();
  const taken: NotificationOptions[] = [
    { kind: "authorisationCreated" },
    { kind: "bankAccountCreated" },
    { kind: "bankAccountDeleted" },
    { bareToken: true },
    ...[
      "application/json; charset=utf-8",
      "text/plain",
      "text/plain;charset=UTF-8",
      "text/json",
      "application/x-json",
      "application/vnd.sage+json",
    ].map((contentType) => ({ contentType })),
    {
      rawBody: JSON.stringify({
        type: "resourceCreated",
        resource: { id: randomUUID(), type: "authorisation", url: null },
        additionalData: null,
      }),
    },
    {
      rawBody: JSON.stringify({
        type: "resourceDeleted",
        resource: { id: randomUUID(), type: "bankAccount", url: null },
        additionalData: { bankId: null, externalId: null },
      }),
    },
    { body: { type: "resourceRenamed", resource: { id: "anything", type: "ledger" } } },
    {
      rawBody: JSON.stringify(created(id)).replace(
        "{",
        `{"__proto__":{"polluted":true},"constructor":{"prototype":{}},"${marker}":"${marker}",`,
      ),
    },
    { path: "/notifications" },
  ];
  for (const options of taken) {
    const answer = await bankingService.notify(options);
    expect([answer.status, answer.headers["content-type"]]).toEqual([200, "application/json"]);
    expect(answer.body).not.toContain(marker);
  }
});

test("repeats, however many at once, are taken, and the first one fixes the time", async ({
  bankingService,
  database,
}) => {
  const authorisationId = randomUUID();
  const { answers } = await bankingService.notify({ authorisationId, times: 50 });
  expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(200));
  const first = await database.stored(authorisationId);
  await expect
    .poll(async () => (await database.stored(authorisationId)).secondsLeft)
    .toBeLessThan(first.secondsLeft - 0.2);
  const before = await database.stored(authorisationId);
  await bankingService.notify({ authorisationId });
  const after = await database.stored(authorisationId);
  expect(after.notified).toBe(51);
  expect(after.secondsLeft).toBeLessThan(before.secondsLeft);
});
