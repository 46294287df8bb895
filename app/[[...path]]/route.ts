import { withoutBody } from "../../lib/web/html.ts";
import { problemResponse } from "../../lib/web/problem.ts";
import { isNavigation } from "../_answers/caller.ts";
import { errorAnswer } from "../_answers/html.tsx";

export const dynamic = "force-dynamic";

/**
 * Everything that has no route of its own. Next's own page for it would come with framework script.
 */
export async function GET(request: Request): Promise<Response> {
  return isNavigation(request.headers) ? errorAnswer(request, "not-found") : problemResponse(404);
}
export const HEAD = async (request: Request) => withoutBody(await GET(request));
export { GET as POST, GET as PUT, GET as PATCH, GET as DELETE, GET as OPTIONS };
