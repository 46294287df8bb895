// @ts-nocheck An example for every reader of JavaScript; types are in docs.
// Takes the connector's events, in plain Node and with `jose` alone: verifies who sent one, decrypts
// the grant in it, and keeps it once. Put your feed in the place of `store`.
// EVENTS_SECRETS=whsec_… GRANT_KEY_FILE=private.pem STORE=events.jsonl PORT=4200 node
// examples/receiver/receive-events.mjs
import { createHmac, createPrivateKey, timingSafeEqual } from "node:crypto";
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import http from "node:http";
import { compactDecrypt } from "jose";

const maxBytes = 1024 * 1024;
const toleranceSeconds = 5 * 60;

/**
 * Whether an event is the connector's, and new enough to be no replay (Standard Webhooks 1.0.0,
 * “Verifying webhook authenticity”: https://github.com/standard-webhooks/standard-webhooks).
 */
function isGenuine(headers, body, secrets, nowSeconds) {
  const { "webhook-id": id, "webhook-timestamp": sent, "webhook-signature": signatures } = headers;
  if (!id || !signatures || !(Math.abs(nowSeconds - Number(sent)) <= toleranceSeconds))
    return false;
  const expected = secrets.map((secret) =>
    createHmac("sha256", Buffer.from(secret.replace(/^whsec_/, ""), "base64"))
      .update(`${id}.${sent}.`)
      .update(body)
      .digest(),
  );
  return signatures.split(" ").some((signature) => {
    const [version, value = ""] = signature.split(",");
    const given = Buffer.from(value, "base64");
    return (
      version === "v1" &&
      expected.some((one) => one.length === given.length && timingSafeEqual(one, given))
    );
  });
}

/**
 * @param {object} options
 * @param {readonly string[]} options.secrets as in `EVENTS_SECRETS` of the connector
 * @param {string} options.grantKey the private key of `grants.publicKeyFiles`, PEM
 * @param {string} options.store a file; one line for each event
 * @param {() => number} [options.now] in milliseconds
 */
export function createReceiver({ secrets, grantKey, store, now = Date.now }) {
  const key = createPrivateKey(grantKey);
  const lines = existsSync(store) ? readFileSync(store, "utf8").trim().split("\n") : [];
  // An event comes again until it was answered 2xx, always with the same id.
  const known = new Set(lines.filter(Boolean).map((line) => JSON.parse(line).id));

  const take = async (headers, body) => {
    if (!isGenuine(headers, body, secrets, now() / 1000)) return 401;
    const id = headers["webhook-id"];
    if (known.has(id)) return 204;
    const event = JSON.parse(body.toString());
    if (event.data.grant) {
      const { plaintext } = await compactDecrypt(event.data.grant, key, {
        keyManagementAlgorithms: ["ECDH-ES+A256KW", "RSA-OAEP-256"],
        contentEncryptionAlgorithms: ["A256GCM"],
      });
      event.data.grant = JSON.parse(Buffer.from(plaintext).toString());
    }
    // Two of them at once: whoever comes first.
    if (known.has(id)) return 204;
    // A real feed keeps this encrypted. 204 only once it is kept: Sage is told after that.
    appendFileSync(store, `${JSON.stringify({ id, ...event })}\n`, { mode: 0o600 });
    known.add(id);
    return 204;
  };

  return async (request, response) => {
    let status = 413;
    try {
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk);
      const body = Buffer.concat(chunks);
      if (body.length <= maxBytes) status = await take(request.headers, body);
    } catch {
      // Not ours to answer 2xx: it comes again, and the key or the disk can be mended meanwhile.
      status = 500;
    }
    response.writeHead(status).end();
  };
}

if (import.meta.main ?? process.argv[1] === import.meta.filename) {
  const {
    EVENTS_SECRETS = "",
    GRANT_KEY_FILE,
    STORE = "events.jsonl",
    PORT = "4200",
  } = process.env;
  const receive = createReceiver({
    secrets: EVENTS_SECRETS.split(","),
    grantKey: readFileSync(GRANT_KEY_FILE, "utf8"),
    store: STORE,
  });
  http.createServer((request, response) => void receive(request, response)).listen(Number(PORT));
}
