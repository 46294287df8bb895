import { isDatabaseUnavailable } from "../../lib/db/db.ts";
import { errorFields } from "../../lib/log/log.ts";
import { problemResponse } from "../../lib/web/problem.ts";
import { services } from "../../lib/services.ts";

/**
 * Runs a JSON handler; what it throws becomes problem JSON of 503 or 500, and a log line without
 * any input in it.
 */
export async function answerJson(handler: () => Promise<Response>): Promise<Response> {
  try {
    return await services().inRequest(handler);
  } catch (error) {
    const away = isDatabaseUnavailable(error);
    services().log[away ? "warn" : "error"](
      away ? "database away" : "request failed",
      errorFields(error),
    );
    return problemResponse(away ? 503 : 500);
  }
}
