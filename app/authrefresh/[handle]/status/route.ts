import { withoutBody } from "../../../../lib/web/html.ts";
import { jsonResponse, problemResponse } from "../../../../lib/web/problem.ts";
import { services } from "../../../../lib/services.ts";
import { answerJson } from "../../../_answers/json.ts";
import { refuseOtherMethods } from "../../../_answers/methods.ts";

export const dynamic = "force-dynamic";
export const { POST, PUT, PATCH, DELETE, OPTIONS } = refuseOtherMethods("GET", "HEAD");

interface Context {
  params: Promise<{ handle: string }>;
}

/**
 * What the script asks: `version` differs from the screen's own as soon as another screen is due;
 * `seconds_left` until Sage's limit, while it runs. With `?time` the bank is not asked: its answer
 * might be another screen, and the person is busy with this one.
 */
export const GET = (request: Request, { params }: Context) =>
  answerJson(async () => {
    const watched = await services().getStepStatus((await params).handle, {
      poll: !new URL(request.url).searchParams.has("time"),
    });
    if (!watched) return problemResponse(404);
    const { version, secondsLeft, nextMs } = watched;
    return jsonResponse(200, { version, seconds_left: secondsLeft, next_ms: nextMs });
  });

export const HEAD = async (request: Request, context: Context) =>
  withoutBody(await GET(request, context));
