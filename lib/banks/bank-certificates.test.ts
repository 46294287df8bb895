import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { makeCertificate } from "../../testing/certificate.ts";
import type { Answer } from "../challenges/index.ts";
import { systemClock } from "../clock/clock.ts";
import { createLog } from "../log/log.ts";
import type { AdapterParts } from "./adapter-definition.ts";
import type { BankAdapter } from "./bank-adapter.ts";
import { bankHttp } from "./bank-http.ts";
import { berlinGroupAdapter } from "./berlin-group/definition.ts";
import { httpAdapter } from "./http/definition.ts";
import { openidAdapter } from "./openid/definition.ts";

const folder = mkdtempSync(path.join(tmpdir(), "certificates-"));
const keyFile = path.join(folder, "key.pem");
writeFileSync(
  keyFile,
  generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({
    type: "pkcs8",
    format: "pem",
  }),
);
const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  rmSync(folder, { recursive: true });
});

const credentials: Answer = {
  kind: "credentials",
  value: { username: "ada", password: "pass-canary-4711" },
};
const adapters: Record<string, (url: string, parts: AdapterParts) => BankAdapter> = {
  http: (url, parts) =>
    httpAdapter.create(
      httpAdapter.settings.parse({
        url,
        auth: { method: "private_key_jwt", tokenUrl: `${url}/token`, clientId: "us", keyFile },
        firstChallenge: { kind: "credentials", prompt: {} },
      }),
      parts,
    ),
  openid: (issuer, parts) =>
    openidAdapter.create(
      openidAdapter.settings.parse({
        issuer,
        clientId: "us",
        authentication: { method: "private_key_jwt", keyFile, keyId: "ours" },
        flows: ["ciba"],
        person: { label: "Name" },
        accounts: { from: "userinfo", path: ["accounts"] },
      }),
      parts,
    ),
  "berlin-group": (url, parts) =>
    berlinGroupAdapter.create(
      berlinGroupAdapter.settings.parse({ url, ipAddress: "192.0.2.7" }),
      parts,
    ),
};

const day = 24 * 3600 * 1000;
const days = (from: number, to: number) => ({
  notBefore: new Date(Date.now() + from * day),
  notAfter: new Date(Date.now() + to * day),
});

describe.each(Object.entries(adapters))(
  "the %s adapter tells nothing to a bank whose certificate",
  (_, create) => {
    test.each([
      ["is signed by itself", days(-1, 1)],
      ["has expired", days(-3, -1)],
      ["is of tomorrow, as with clocks that are off", days(1, 3)],
    ])("%s", async (what, valid) => {
      const certificate = makeCertificate("a bank", valid);
      let heard = 0;
      const server = createServer(
        { ...certificate },
        (_request, response) => ((heard += 1), void response.end()),
      );
      servers.push(server);
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      // Trusted where its time is what is wrong with it.
      const ca = what === "is signed by itself" ? undefined : certificate.cert;
      const http: AdapterParts["http"] = (options = {}) =>
        bankHttp(systemClock)({
          ...options,
          ...(ca === undefined ? {} : { tls: { ...options.tls, ca } }),
        });
      const bank = create(`https://127.0.0.1:${(server.address() as AddressInfo).port}`, {
        clock: systemClock,
        publicUrl: "http://localhost:3000",
        bank: { id: "bank", name: "Bank" },
        http,
        log: createLog("silent"),
      });
      const request = {
        bankId: "bank",
        externalId: "account",
        locale: "en-GB",
        returnAddress: "https://connector.example/authrefresh/return?state=x",
        clientNotificationToken: async () => "ping",
      };
      const fault = await bank
        .start({ ...request, answer: credentials }, { signal: new AbortController().signal })
        .catch((error: unknown) => error);
      expect(fault).toMatchObject({
        name: "RemoteFault",
        code: expect.stringMatching(/^(token-)?certificate$/),
      });
      expect(heard).toBe(0);
    });
  },
);
