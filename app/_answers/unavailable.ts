import { withoutBody } from "../../lib/web/html.ts";
import { problemResponse } from "../../lib/web/problem.ts";
import { errorAnswer } from "./html.tsx";

/**
 * 503 with `Retry-After`, as the address that was asked would give it; for our server, which turns
 * requests away before Next sees them (server/load-shedding.ts).
 */
export async function unavailable(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  const forPeople = pathname.startsWith("/authrefresh") && !pathname.endsWith("/status");
  const answer = forPeople ? await errorAnswer(request, "unavailable") : problemResponse(503);
  return request.method === "HEAD" ? withoutBody(answer) : answer;
}
