import path from "node:path";
import { freePorts } from "../../testing/free-port.mjs";
import { startPair } from "../../testing/start-connector.mjs";
import { createTestDatabase } from "../../testing/test-database.ts";
import { startTestPostgres } from "../../testing/test-postgres.mjs";
import { corpusHosts } from "../../lib/authrefresh/redirect-uris.fixture.ts";
import { root } from "../../testing/toolchain.mjs";

/**
 * Playwright's global set-up: PostgreSQL, the built connector and the Banking Service simulator as
 * real processes on free ports.
 * @returns what stops them all
 */
export default async function globalSetup(): Promise<() => Promise<void>> {
  const stopPostgres = await startTestPostgres();
  try {
    const { url: databaseUrl, runtimeUrl } = await createTestDatabase();
    const [connectorPort = 0, bankingServicePort = 0] = await freePorts(2);
    // The hosts of the tricks that authrefresh-redirect-uri.spec.ts plays, beside the simulator's own.
    const given = { REDIRECT_HOSTS: `localhost:${bankingServicePort},${corpusHosts}` };
    const pair = await startPair({
      given,
      databaseUrl: runtimeUrl,
      connectorPort,
      bankingServicePort,
      logs: path.join(root, "test-results/logs"),
    });
    // Workers inherit the environment; pair.ts reads it.
    Object.assign(process.env, {
      E2E_CONNECTOR_URL: pair.connectorUrl,
      E2E_BANKING_SERVICE_URL: pair.bankingServiceUrl,
      E2E_DATABASE_URL: databaseUrl,
    });
    return async () => {
      await pair.stop();
      await stopPostgres();
    };
  } catch (error) {
    await stopPostgres();
    throw error;
  }
}
