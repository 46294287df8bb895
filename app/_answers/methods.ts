import { problemResponse } from "../../lib/web/problem.ts";

const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;
type Method = (typeof methods)[number];

/**
 * Handlers that answer 405 with `Allow` for every method but those named. Each route exports them,
 * since Next's own 405 has no `Allow`, and a route that exports only GET would also run on HEAD.
 */
export function refuseOtherMethods(...allowed: Method[]): Record<Method, () => Response> {
  const refuse = () => problemResponse(405, { allow: allowed.join(", ") });
  return Object.fromEntries(methods.map((method) => [method, refuse])) as Record<
    Method,
    () => Response
  >;
}
