import { jsonResponse } from "../../../lib/web/problem.ts";
import { serverLink } from "../../../lib/web/server-link.ts";
import { services } from "../../../lib/services.ts";
import { refuseOtherMethods } from "../../_answers/methods.ts";

export const dynamic = "force-dynamic";
export const { POST, PUT, PATCH, DELETE, OPTIONS } = refuseOtherMethods("GET", "HEAD");

/**
 * Whether this process should be sent requests: the database answers, it is not about to stop, and
 * it does not turn everybody away.
 */
export async function GET(): Promise<Response> {
  const { server } = serverLink();
  if (server?.draining) return jsonResponse(503, { status: "stopping" });
  if (server?.overloaded()) return jsonResponse(503, { status: "overloaded" });
  return (await services().databaseAnswers())
    ? jsonResponse(200, { status: "ready" })
    : jsonResponse(503, { status: "database-away" });
}
export const HEAD = GET;
