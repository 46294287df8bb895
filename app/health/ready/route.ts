import { jsonResponse } from "../../../lib/web/problem.ts";
import { services } from "../../../lib/services.ts";
import { refuseOtherMethods } from "../../_answers/methods.ts";

export const dynamic = "force-dynamic";
export const { POST, PUT, PATCH, DELETE, OPTIONS } = refuseOtherMethods("GET", "HEAD");

// Set by scripts/start.mjs: when the process is told to stop, and to say how it has it.
const draining = () =>
  Boolean((globalThis as { [key: symbol]: unknown })[Symbol.for("connector.draining")]);
const overloaded = () =>
  Boolean(
    (globalThis as { [key: symbol]: (() => boolean) | undefined })[
      Symbol.for("connector.overloaded")
    ]?.(),
  );

/**
 * Whether this process should be sent requests: the database answers, it is not about to stop, and
 * it does not turn everybody away.
 */
export async function GET(): Promise<Response> {
  if (draining()) return jsonResponse(503, { status: "stopping" });
  if (overloaded()) return jsonResponse(503, { status: "overloaded" });
  return (await services().databaseAnswers())
    ? jsonResponse(200, { status: "ready" })
    : jsonResponse(503, { status: "database-away" });
}
export const HEAD = GET;
