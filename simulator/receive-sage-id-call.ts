import type { IncomingMessage } from "node:http";

import type { BankingService } from "./banking-service.ts";
import type { Exchange } from "./exchange.ts";
import { MASK } from "./mask.ts";
import { recordIncoming } from "./record-incoming.ts";
import { underFault } from "./under-fault.ts";

/** Answers the connector's request for an access token. */
export async function receiveTokenRequest(
  service: BankingService,
  exchange: Exchange,
): Promise<void> {
  const { request, response } = exchange;
  const note = recordIncoming(service, exchange, { from: "connector", to: "Sage ID" });
  // Before the log takes the note: the library reads the body, and leaves it on the request.
  response.prependOnceListener("close", () => (note.request = shownForm(request)));
  service.counts.tokenRequests++;
  const fault = service.faults.next("token") ?? service.randomFaults.next("token");
  if (fault?.expiresInSeconds) service.sageId.setLifetime(request, fault.expiresInSeconds);
  await underFault(fault, exchange, service.stopping, () => forward(service, exchange));
}

/** Serves the keys that notification tokens are checked with. */
export async function receiveJwksRequest(
  service: BankingService,
  exchange: Exchange,
): Promise<void> {
  recordIncoming(service, exchange, { from: "connector", to: "Sage ID" });
  service.counts.jwksRequests++;
  await underFault(
    service.faults.next("jwks") ?? service.randomFaults.next("jwks"),
    exchange,
    service.stopping,
    () => forward(service, exchange),
  );
}

/** Hands the request to the mock server library, which knows its paths without the issuer's own. */
function forward({ settings, sageId }: BankingService, { request, response, url }: Exchange): void {
  const issuerPath = new URL(settings.urls.sageIdIssuer).pathname;
  request.url = `/${url.pathname.slice(issuerPath.length)}${url.search}`;
  sageId.handle(request, response);
}

function shownForm(request: IncomingMessage & { body?: Record<string, unknown> }): string {
  const shown = Object.entries(request.body ?? {}).map(([name, value]) =>
    name === "client_secret" ? `${name}=${MASK}` : `${name}=${String(value)}`,
  );
  return shown.join("\n");
}
