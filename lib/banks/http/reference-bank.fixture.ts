import { generateKeyPairSync } from "node:crypto";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { createReferenceBank } from "../../../examples/bank-api/reference-bank.mjs";
import { systemClock } from "../../clock/clock.ts";
import { createLog } from "../../log/log.ts";
import { bankHttp } from "../bank-http.ts";
import { createHttpBank } from "./http-bank.ts";

const { privateKey, publicKey } = generateKeyPairSync("ed25519");
export const clientKey = publicKey.export({ type: "spki", format: "pem" }).toString();
export const privateKeyPem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();

/** A server on a free port of this machine. */
export async function listenTo(listener: RequestListener) {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/**
 * The reference bank, running. It never really waits: who is slow takes as long as the caller does.
 */
export const startReferenceBank = (options: object = {}) => {
  const wait = (_ms: number, signal: AbortSignal) =>
    new Promise((_, reject) =>
      signal.addEventListener("abort", () => reject(new Error("nobody waits"))),
    );
  return listenTo(createReferenceBank({ clientKey, wait, ...options }) as RequestListener);
};

export const parts = {
  clock: systemClock,
  publicUrl: "http://localhost:3000",
  bank: { id: "bank", name: "Reference Bank" },
  http: bankHttp(systemClock),
  log: createLog("silent"),
};

/** The settings of a bank at `url`, as if read from the file. */
export const settingsOf = (url: string, more: object = {}) =>
  ({
    url: `${url}/v1`,
    auth: {
      method: "private_key_jwt",
      tokenUrl: `${url}/token`,
      clientId: "connector",
      keyFile: privateKeyPem,
    },
    redirectHosts: ["login.bank.example"],
    firstChallenge: { kind: "credentials", prompt: {} },
    ...more,
  }) as Parameters<typeof createHttpBank>[0];

export const bankAt = (url: string, more: object = {}, replaced: Partial<typeof parts> = {}) =>
  createHttpBank(settingsOf(url, more), { ...parts, ...replaced });
