/** Where the processes are that the tests talk to; started by global-setup.ts. */
export interface Pair {
  /** The connector's `PUBLIC_URL`. */
  connectorUrl: string;
  /** The simulator's product page and control API. */
  bankingServiceUrl: string;
  /** The connector's database, for what no address shows: time running out, and what was stored. */
  databaseUrl: string;
}

/** The pair of this run. */
export function pair(): Pair {
  const named = (name: string) => {
    const value = process.env[name];
    if (!value) throw new Error(`${name} is not set: run the tests with "npm run e2e".`);
    return value;
  };
  return {
    connectorUrl: named("E2E_CONNECTOR_URL"),
    bankingServiceUrl: named("E2E_BANKING_SERVICE_URL"),
    databaseUrl: named("E2E_DATABASE_URL"),
  };
}
