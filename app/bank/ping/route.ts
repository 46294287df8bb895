import { problemResponse } from "../../../lib/web/problem.ts";
import { services } from "../../../lib/services.ts";
import { answerJson } from "../../_answers/json.ts";
import { refuseOtherMethods } from "../../_answers/methods.ts";

export const dynamic = "force-dynamic";
export const { GET, HEAD, PUT, PATCH, DELETE, OPTIONS } = refuseOtherMethods("POST");

/**
 * A bank's “ask me now”, such as CIBA's ping (OpenID CIBA §10.2, which wants 204). Its body says
 * nothing we would believe, so it is not read.
 */
export const POST = (request: Request) =>
  answerJson(async () => {
    const ours = await services().ping(request.headers.get("authorization"));
    return ours
      ? new Response(null, { status: 204, headers: { "cache-control": "no-store" } })
      : problemResponse(401);
  });
