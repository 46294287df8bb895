import { generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createGrantEncryption } from "../lib/banks/grant-key.ts";
import { createReceiver } from "../examples/receiver/receive-events.mjs";

const folder = mkdtempSync(path.join(tmpdir(), "receiver-"));
const secrets = [1, 2].map(() => `whsec_${randomBytes(32).toString("base64")}`);
const key = generateKeyPairSync("ec", { namedCurve: "P-256" });
const encrypt = createGrantEncryption(
  key.publicKey.export({ type: "spki", format: "pem" }).toString(),
);
const grant = { accessToken: "for the feed alone" };
const store = path.join(folder, "events.jsonl");
const receiver = () =>
  createReceiver({
    secrets,
    grantKey: key.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    store,
  }) as RequestListener;
let take = receiver();
const server = createServer((request, response) => void take(request, response));
beforeAll(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

const finished = async () =>
  JSON.stringify({
    type: "reauthorisation.finished",
    timestamp: new Date().toISOString(),
    data: { authorisationId: "a", result: "authorised", sequence: 2, grant: await encrypt(grant) },
  });

/** Sends an event as the connector does, signed by the reference implementation. */
async function send(
  body: string,
  {
    id = `event-${randomBytes(4).toString("hex")}`,
    secret = secrets[0] ?? "",
    sentAt = new Date(),
    sent = body,
  } = {},
) {
  const { port } = server.address() as AddressInfo;
  const { status } = await fetch(`http://127.0.0.1:${port}/`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "webhook-id": id,
      "webhook-timestamp": String(Math.floor(sentAt.getTime() / 1000)),
      "webhook-signature": `v1a,AAAA ${new Webhook(secret).sign(id, sentAt, body)}`,
    },
    body: sent,
  });
  return status;
}
const kept = () =>
  readFileSync(store, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { id: string; data: { grant?: unknown } });

describe("the example receiver", () => {
  test("keeps an event with its grant decrypted, once, also over a restart", async () => {
    const body = await finished();
    expect(await Promise.all([send(body, { id: "one" }), send(body, { id: "one" })])).toEqual([
      204, 204,
    ]);
    take = receiver();
    expect(await send(body, { id: "one" })).toBe(204);
    expect(await send(body, { id: "two", secret: secrets[1] ?? "" })).toBe(204);
    expect(kept()).toMatchObject([
      { id: "one", type: "reauthorisation.finished", data: { grant } },
      { id: "two", data: { grant } },
    ]);
    expect(statSync(store).mode & 0o077).toBe(0);
  });
  test.each<[string, number, () => Promise<number>]>([
    [
      "of somebody else",
      401,
      () => send("{}", { secret: `whsec_${randomBytes(32).toString("base64")}` }),
    ],
    ["that was changed on its way", 401, () => send("{}", { sent: '{"a":1}' })],
    ["of ten minutes ago", 401, () => send("{}", { sentAt: new Date(Date.now() - 600_000) })],
    ["of ten minutes ahead", 401, () => send("{}", { sentAt: new Date(Date.now() + 600_000) })],
    ["that is no JSON", 500, () => send("no JSON")],
    ["with more than anybody sends", 413, () => send("x".repeat(2 * 1024 * 1024))],
    [
      "whose grant is for somebody else",
      500,
      async () => {
        const other = createGrantEncryption(
          generateKeyPairSync("ec", { namedCurve: "P-256" })
            .publicKey.export({ type: "spki", format: "pem" })
            .toString(),
        );
        return send(JSON.stringify({ data: { grant: await other(grant) } }));
      },
    ],
  ])("keeps no event %s", async (_, status, sending) => {
    const before = kept().length;
    expect(await sending()).toBe(status);
    expect(kept()).toHaveLength(before);
  });
});
