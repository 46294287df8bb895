import { onTestFinished } from "vitest";

import { bankingServiceClient, type BankingServiceClient } from "./client.ts";
import { simulatorSettings, type SimulatorSettings } from "./settings.ts";
import { startBankingService } from "./start-banking-service.ts";
import { startFakeConnector, type FakeConnector } from "./fake-connector.fixture.ts";
import { freePorts } from "../testing/free-port.mjs";

/** A simulator and the fake connector it talks to. */
export type Pair = {
  readonly settings: SimulatorSettings;
  readonly connector: FakeConnector;
  readonly client: BankingServiceClient;
  /** The simulator's address. */
  readonly url: string;
};

/** Starts both; they stop when the test ends. */
export async function startPair(): Promise<Pair> {
  const [connectorPort = 0, bankingServicePort = 0] = await freePorts(2);
  const connector = await startFakeConnector(connectorPort);
  onTestFinished(() => connector.close());
  const settings = simulatorSettings({ publicUrl: connector.url, bankingServicePort });
  const service = await startBankingService({
    ...settings,
    BANKING_SERVICE_PORT: String(bankingServicePort),
  });
  onTestFinished(() => service.close());
  return { settings, connector, client: bankingServiceClient(service.url), url: service.url };
}
