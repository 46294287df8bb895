import type { IncomingMessage, ServerResponse } from "node:http";

import type { BankingService } from "./banking-service.ts";
import { commonUiRoutes } from "./common-ui-routes.ts";
import { controlRoutes } from "./control-routes.ts";
import type { Exchange } from "./exchange.ts";
import { productRoutes } from "./product-routes.ts";
import { receivePatch } from "./receive-patch.ts";
import { receiveJwksRequest, receiveTokenRequest } from "./receive-sage-id-call.ts";
import { redirectRoutes } from "./redirect-routes.ts";
import { reply } from "./reply.ts";
import { RequestError } from "./request-error.ts";
import { route, type Route } from "./route.ts";

const serverRoutes: readonly Route[] = [
  ["GET", /^\/sage-id\/\.well-known\/jwks\.json$/, receiveJwksRequest],
  ["POST", /^\/sage-id\/oauth\/token$/, receiveTokenRequest],
  ["PATCH", /^\/provider\/v1\/authorisations\/([^/]+)$/, receivePatch],
];

/**
 * Answers one request to the simulator: by host first, since three of its parts are sites of their
 * own, then by path.
 *
 * An unknown host is refused, so that no page of the open web can reach the control API under a
 * name of its own (DNS rebinding).
 */
export async function handleRequest(
  service: BankingService,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const exchange = { request, response, url: requestUrl(request) };
    if (exchange.url.pathname === "/favicon.ico") reply.empty(response);
    else await dispatch(service, exchange);
  } catch (error) {
    if (error instanceof RequestError)
      reply.json(response, error.status, { message: error.message });
    // Closed by us, or gone by itself while its body was read: nobody is there to be answered.
    else if (service.stopping.aborted || request.socket.destroyed) request.socket.destroy();
    else {
      console.error("Banking Service simulator:", error);
      if (response.headersSent) request.socket.destroy();
      else reply.json(response, 500, { message: "The simulator failed. See its output." });
    }
  }
}

async function dispatch(service: BankingService, exchange: Exchange): Promise<void> {
  // What the connector calls may be behind a proxy of the caller's own, at another port of this
  // machine.
  const forServers =
    exchange.url.hostname === "127.0.0.1" &&
    serverRoutes.some(([, pattern]) => pattern.test(exchange.url.pathname));
  if (forServers) return route(serverRoutes, service, exchange);
  const { productOrigin, uiOrigin, redirectOrigin, port } = service.settings.urls;
  switch (exchange.url.origin) {
    case productOrigin:
      refuseForeignPages(exchange, productOrigin);
      return route([...controlRoutes, ...productRoutes], service, exchange);
    case uiOrigin:
      return route(commonUiRoutes, service, exchange);
    case redirectOrigin:
      return route(redirectRoutes, service, exchange);
    // The connector is at localhost: a product page there would not be cross-site to it.
    case `http://localhost:${port}`:
      return void reply.redirect(
        exchange.response,
        302,
        `${productOrigin}${exchange.url.pathname}${exchange.url.search}`,
      );
    default:
      throw new RequestError(421, "Open the simulator by one of its own host names.");
  }
}

/**
 * A page of another site may not steer the simulator (CSRF). Servers and test programs send no
 * `Origin`.
 */
function refuseForeignPages({ request, url }: Exchange, productOrigin: string): void {
  const isSteering = url.pathname.startsWith("/control/") || url.pathname === "/start";
  const { origin = productOrigin } = request.headers;
  if (isSteering && origin !== productOrigin)
    throw new RequestError(403, "Not from a page of another site.");
}

function requestUrl(request: IncomingMessage): URL {
  const url = `http://${request.headers.host ?? ""}${request.url ?? ""}`;
  if (!URL.canParse(url)) throw new RequestError(400, "That is no address.");
  return new URL(url);
}
