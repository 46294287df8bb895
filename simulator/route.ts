import type { BankingService } from "./banking-service.ts";
import type { Exchange } from "./exchange.ts";
import { RequestError } from "./request-error.ts";

/** Answers a request; `parameters` are what the path's groups matched. */
export type Handler = (
  service: BankingService,
  exchange: Exchange,
  parameters: readonly string[],
) => void | Promise<void>;

/** A method, a pattern for the whole path, and who answers. */
export type Route = readonly [method: string, path: RegExp, handler: Handler];

/**
 * Hands a request to the first route that fits.
 *
 * @throws RequestError 404 when no path fits, 405 when the method does not
 */
export function route(
  routes: readonly Route[],
  service: BankingService,
  exchange: Exchange,
): void | Promise<void> {
  const { request, url } = exchange;
  const fitting = routes.filter(([, path]) => path.test(url.pathname));
  if (fitting.length === 0) throw new RequestError(404, `Nothing is at ${url.pathname}.`);
  const chosen = fitting.find(([method]) => method === request.method);
  if (!chosen) throw new RequestError(405, `${request.method ?? ""} is not for ${url.pathname}.`);
  const [, path, handler] = chosen;
  return handler(service, exchange, path.exec(url.pathname)?.slice(1) ?? []);
}
