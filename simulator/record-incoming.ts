import type { BankingService } from "./banking-service.ts";
import type { WireEntry } from "./control-api.ts";
import type { Exchange } from "./exchange.ts";

/** The part of a wire entry that its handler may fill in until the answer is out. */
export type WireNote = {
  path: string;
  request: string;
  response: string;
  authorisationId: string | null;
};

/**
 * Puts a call to the simulator on the wire log once its answer is out, or lost.
 *
 * @returns the entry's open part; `response` is filled in with the body that is sent
 */
export function recordIncoming(
  { wire }: BankingService,
  { request, response, url }: Exchange,
  { from, to }: Pick<WireEntry, "from" | "to">,
): WireNote {
  const startedAt = Date.now();
  const note: WireNote = {
    path: url.pathname + url.search,
    request: "",
    response: "",
    authorisationId: null,
  };
  const end = response.end.bind(response);
  response.end = ((body?: string | Buffer) => {
    note.response = body === undefined ? "" : String(body);
    return end(body);
  }) as typeof response.end;
  response.once("close", () => {
    wire.add({
      at: new Date(startedAt).toISOString(),
      milliseconds: Date.now() - startedAt,
      from,
      to,
      method: request.method ?? "",
      status: response.writableFinished ? response.statusCode : null,
      ...note,
    });
  });
  return note;
}
