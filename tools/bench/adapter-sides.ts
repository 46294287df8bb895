import { generateKeyPairSync, randomUUID } from "node:crypto";
import { SignJWT } from "jose";
import type { Answer } from "../../lib/challenges/index.ts";
import { bankHttp } from "../../lib/banks/bank-http.ts";
import { createHttpBank } from "../../lib/banks/http/http-bank.ts";
import { systemClock } from "../../lib/clock/clock.ts";
import { createLog } from "../../lib/log/log.ts";

const { privateKey, publicKey } = generateKeyPairSync("ed25519");

/** What the reference bank is to believe us by. */
export const clientKey = publicKey.export({ type: "spki", format: "pem" }).toString();

const request = {
  bankId: "bank",
  externalId: "the-account-asked-for",
  locale: "en-GB",
  returnAddress: "https://connector.example/authrefresh/return?state=x",
};
const answer: Answer = { kind: "credentials", value: { username: "good", password: "pass_good" } };

/**
 * The same question to the same server, once by the adapter, once by `fetch` alone.
 * @param url of the reference bank
 */
export function adapterSides(url: string) {
  const keyFile = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const parts = {
    clock: systemClock,
    publicUrl: "http://localhost:3000",
    bank: { id: "bank", name: "Bank" },
    http: bankHttp(systemClock),
    log: createLog("silent"),
  };
  const auth = {
    method: "private_key_jwt",
    tokenUrl: `${url}/token`,
    clientId: "connector",
    keyFile,
  } as const;
  const adapter = createHttpBank(
    {
      url: `${url}/v1`,
      auth,
      redirectHosts: [],
      firstChallenge: { kind: "credentials", prompt: {} },
    },
    parts,
  );
  const call = { signal: new AbortController().signal };
  let authorization = "";
  return {
    async open() {
      const assertion = await new SignJWT({})
        .setProtectedHeader({ alg: "EdDSA" })
        .setIssuer("connector")
        .setSubject("connector")
        .setAudience(`${url}/token`)
        .setJti(randomUUID())
        .setIssuedAt()
        .setExpirationTime("1m")
        .sign(privateKey);
      const form = {
        grant_type: "client_credentials",
        client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        client_assertion: assertion,
      };
      const { access_token: token } = (await (
        await fetch(`${url}/token`, { method: "POST", body: new URLSearchParams(form) })
      ).json()) as { access_token: string };
      authorization = `Bearer ${token}`;
    },
    async byAdapter() {
      const { type } = await adapter.start({ ...request, answer }, call);
      if (type !== "authorised") throw new Error(type);
    },
    async direct() {
      const headers = {
        authorization,
        "content-type": "application/json",
        "idempotency-key": `"${randomUUID()}"`,
      };
      const response = await fetch(`${url}/v1/start`, {
        method: "POST",
        headers,
        body: JSON.stringify({ ...request, answer }),
      });
      const { type } = (await response.json()) as { type: string };
      if (type !== "authorised") throw new Error(type);
    },
  };
}
