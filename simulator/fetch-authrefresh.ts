import type { BankingService } from "./banking-service.ts";
import type { AuthorisationReport } from "./control-api.ts";
import { sendRequest } from "./send-request.ts";

/**
 * Fetches `GET /authrefresh` as Banking Service's back end does, and puts the call on the wire log.
 *
 * @returns the HTML of the answer, whatever its status; null when there was none
 */
export async function fetchAuthrefresh(
  service: BankingService,
  { authorisationId, authrefreshUrl }: AuthorisationReport,
): Promise<string | null> {
  const startedAt = Date.now();
  const url = new URL(authrefreshUrl);
  // A server's own headers: no Sec-Fetch-*, no cookie, nothing of the user's browser (Sage’s
  // developer pages, "GET authrefresh").
  const headers = { accept: "*/*", "user-agent": "Banking-Service/1.0" };
  const { stopping, counts, wire } = service;
  counts.authrefreshFetches++;

  const answer = await sendRequest(authrefreshUrl, { method: "GET", headers, stopping }).catch(
    (error: unknown) => error as Error,
  );
  const received = answer instanceof Error ? null : answer;
  const contentType = received?.headers["content-type"] ?? "";
  wire.add({
    at: new Date(startedAt).toISOString(),
    milliseconds: Date.now() - startedAt,
    from: "Banking Service",
    to: "connector",
    method: "GET",
    path: url.pathname,
    status: received?.status ?? null,
    request: [...url.searchParams].map(([name, value]) => `${name}=${value}`).join("\n"),
    // Only its size: the fragment holds the handle, and whoever has that can answer the bank's
    // questions.
    response:
      answer instanceof Error
        ? answer.message
        : `${contentType}, ${Buffer.byteLength(answer.body)} bytes`,
    authorisationId,
  });
  return received && contentType.startsWith("text/html") ? received.body : null;
}
