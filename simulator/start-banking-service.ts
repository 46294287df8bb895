import { createServer } from "node:http";

import { createBankingService } from "./banking-service.ts";
import { handleRequest } from "./handle-request.ts";
import { readSettings, type Environment } from "./read-settings.ts";

/** A running simulator. */
export type RunningBankingService = {
  /** Where the product page and the control API are, e.g. `http://127.0.0.1:4000`. */
  readonly url: string;
  /** Stops at once: open connections are cut and late notifications never sent. */
  close(): Promise<void>;
};

/**
 * Starts the simulator on loopback, in this process.
 *
 * @param env the settings of `simulatorSettings` and `BANKING_SERVICE_PORT`
 * @throws Error when a setting is missing or bad, or the port is taken
 */
export async function startBankingService(env: Environment): Promise<RunningBankingService> {
  const settings = readSettings(env);
  const stopping = new AbortController();
  const service = await createBankingService(settings, stopping.signal);
  const server = createServer(
    (request, response) => void handleRequest(service, request, response),
  );
  const { port, productOrigin } = settings.urls;

  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) =>
      reject(new Error(`Banking Service simulator: port ${port} cannot be used.`, { cause })),
    );
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    url: productOrigin,
    close: () =>
      new Promise((resolve) => {
        stopping.abort();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
