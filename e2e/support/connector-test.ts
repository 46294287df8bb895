import { expect, test as base } from "playwright/test";
import { type BankingServiceClient, bankingServiceClient } from "../../simulator/client.ts";
import type {
  AuthorisationOptions,
  CreatedAuthorisation,
  EmbedMode,
} from "../../simulator/control-api.ts";
import { openTestDatabase, type TestDatabase } from "./database.ts";
import { pair, type Pair } from "./pair.ts";
import { createScriptFaults, type ScriptFaults } from "./script-faults.ts";

interface TestParts {
  /** How the simulator opens the connector: `embedded` or `frame`. */
  embedMode: EmbedMode;
  /** Has Banking Service create an authorisation, without opening it. */
  create: (options?: AuthorisationOptions) => Promise<CreatedAuthorisation>;
  faults: ScriptFaults;
}

interface WorkerParts {
  connector: Pair;
  bankingService: BankingServiceClient;
  database: TestDatabase;
}

/** A test of the connector by HTTP, without a browser. */
export const test = base.extend<TestParts, WorkerParts>({
  embedMode: ["embedded", { option: true }],
  connector: [async ({}, use) => use(pair()), { scope: "worker" }],
  bankingService: [
    async ({ connector }, use) => use(bankingServiceClient(connector.bankingServiceUrl)),
    { scope: "worker" },
  ],
  database: [
    async ({ connector }, use) => {
      const database = openTestDatabase(connector.databaseUrl);
      await use(database);
      await database.close();
    },
    { scope: "worker" },
  ],

  create: async ({ bankingService, embedMode }, use) =>
    use((options) => bankingService.createAuthorisation({ embedMode, ...options })),

  faults: async ({ bankingService, database }, use) => {
    const { script, done } = createScriptFaults(bankingService, database);
    await use(script);
    await done();
  },
});

export { expect };
