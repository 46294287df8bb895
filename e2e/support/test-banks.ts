import { generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { createReferenceBank } from "../../examples/bank-api/reference-bank.mjs";
import {
  oauthClient,
  startBerlinGroupBank,
} from "../../lib/banks/berlin-group/berlin-group-bank.fixture.ts";
import { accountsBy, startOpenidProvider } from "../../lib/banks/openid/openid-provider.fixture.ts";
import { freePorts } from "../../testing/free-port.mjs";
import { startPair } from "../../testing/start-connector.mjs";
import { createTestDatabase } from "../../testing/test-database.ts";
import { test as sandboxTest } from "./test.ts";
import { bank as name } from "./words.ts";

/**
 * An account of everybody who signs in at a bank of {@link test} as the tests do; a bank of the
 * Berlin Group knows accounts by their IBAN.
 */
export const account = accountsBy["ada"]?.[0] ?? "";
export const iban = "DE89370400440532013000";

/**
 * The banks behind the connector of {@link test}, each called by the name of its adapter, and what
 * one needs to play them.
 */
export interface TestBanks {
  referenceBank: Awaited<ReturnType<typeof startReferenceBank>>;
  berlinGroup: Awaited<ReturnType<typeof startBerlinGroupBank>>;
  provider: Awaited<ReturnType<typeof startOpenidProvider>>;
  /** What the bank with connect codes shows the connector. */
  connectCodeKey: string;
  /** The file of banks. */
  file: string;
}

interface WorkerParts {
  started: { banks: TestBanks; pair: Awaited<ReturnType<typeof startPair>>; databaseUrl: string };
  banks: TestBanks;
}

/** A test with a connector of its own, whose file of banks names one of each adapter. */
export const test = sandboxTest.extend<object, WorkerParts>({
  started: [
    async ({}, use, worker) => {
      const folder = path.join(worker.project.outputDir, `test-banks-${worker.workerIndex}`);
      mkdirSync(folder, { recursive: true });
      const [connectorPort = 0, bankingServicePort = 0] = await freePorts(2);
      const connectorUrl = `http://localhost:${connectorPort}`;
      const banks = await startBanks(folder, connectorUrl);
      const database = await createTestDatabase();
      const pair = await startPair({
        databaseUrl: database.runtimeUrl,
        connectorPort,
        bankingServicePort,
        logs: path.join(folder, "logs"),
        given: { BANKS_FILE: banks.file },
      });
      await use({ banks, pair, databaseUrl: database.url });
      await pair.stop();
      await Promise.all([
        banks.referenceBank.stop(),
        banks.berlinGroup.stop(),
        banks.provider.close(),
        database.drop(),
      ]);
    },
    { scope: "worker", timeout: 180_000 },
  ],
  banks: [async ({ started }, use) => use(started.banks), { scope: "worker" }],
  connector: [
    async ({ started: { pair, databaseUrl } }, use) =>
      use({
        connectorUrl: pair.connectorUrl,
        bankingServiceUrl: pair.bankingServiceUrl,
        databaseUrl,
      }),
    { scope: "worker" },
  ],
  create: async ({ bankingService, embedMode }, use) =>
    use((options) =>
      bankingService.createAuthorisation({ embedMode, externalId: account, ...options }),
    ),
});

async function startBanks(folder: string, connectorUrl: string): Promise<TestBanks> {
  const secret = (file: string, content: string) => {
    writeFileSync(path.join(folder, file), content);
    return path.join(folder, file);
  };
  const clientKey = generateKeyPairSync("ed25519");
  const referenceBank = await startReferenceBank(
    clientKey.publicKey.export({ type: "spki", format: "pem" }).toString(),
  );
  const berlinGroup = await startBerlinGroupBank({ accounts: [{ iban, currency: "EUR" }] });
  const pings = async (authorization: string) =>
    (await fetch(`${connectorUrl}/bank/ping`, { method: "POST", headers: { authorization } }))
      .status;
  const provider = await startOpenidProvider({
    redirectUri: `${connectorUrl}/authrefresh/return`,
    pings,
  });
  const connectCodeKey = randomBytes(32).toString("hex");

  const atProvider = provider.entry(
    "pinged",
    secret("openid.json", JSON.stringify(provider.clientKey)),
  );
  const settings = {
    sandbox: {},
    http: {
      url: `${referenceBank.origin}/v1`,
      auth: {
        method: "private_key_jwt",
        tokenUrl: `${referenceBank.origin}/token`,
        clientId: "connector",
        keyFile: secret(
          "http.pem",
          clientKey.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
        ),
      },
    },
    "berlin-group": { url: berlinGroup.url, ipAddress: "192.0.2.7", lang: "de" },
    "berlin-group, oauth": {
      url: berlinGroup.url,
      ipAddress: "192.0.2.7",
      lang: "en",
      signIn: { ask: "fields", name: { label: "Customer name" } },
      oauth: {
        clientId: oauthClient.clientId,
        authentication: {
          method: "client_secret_basic",
          secretFile: secret("oauth", oauthClient.secret),
        },
      },
    },
    openid: { ...atProvider, flows: ["ciba"], person: { label: "Customer name" } },
    "openid, page": {
      ...atProvider,
      flows: ["authorization_code"],
      page: { opens: "window" },
      introduction: { paragraphs: ["Next you sign in at Northwind Bank."] },
      lang: "en",
    },
    "connect-code, identifier": {
      keys: [secret("connect-code-identifier", connectCodeKey)],
      lang: "en",
      identifier: { label: "Connection id", characters: "digits", minLength: 6, maxLength: 6 },
    },
    "connect-code": {
      keys: [secret("connect-code", connectCodeKey)],
      note: "In the app, choose More, then Connect to Sage.",
      lang: "en",
    },
  };
  const more = {
    help: [{ label: "Forgot your password?", url: "https://www.bank.example/help" }],
    theme: { accent: "#7a0044" },
  };
  const entries = Object.entries(settings).map(([bankId, given]) => ({
    bankId,
    name,
    adapter: bankId.split(",")[0],
    settings: given,
    ...more,
  }));
  return {
    referenceBank,
    berlinGroup,
    provider,
    connectCodeKey,
    file: secret("banks.json", JSON.stringify({ banks: entries })),
  };
}

/** The reference bank (examples/bank-api), and a way to have it answer nobody. */
async function startReferenceBank(clientKey: string) {
  const bank = createReferenceBank({ clientKey, accounts: [account] }) as RequestListener;
  const upsets: string[] = [];
  const server = createServer((request, response) => {
    const upset = upsets.indexOf(request.url ?? "");
    if (upset === -1) return void bank(request, response);
    upsets.splice(upset, 1);
    response.writeHead(503).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Answers the next request for a path with 503. */
    upset: (at: string) => void upsets.push(at),
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
