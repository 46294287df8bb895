import type { BankingService } from "./banking-service.ts";
import type { PatchRecord, ProviderCall } from "./control-api.ts";
import type { Exchange } from "./exchange.ts";
import { judgePatch } from "./judge-patch.ts";
import { masked } from "./mask.ts";
import { parseJson } from "../lib/http/parse-json.ts";
import { pushBounded } from "./push-bounded.ts";
import { readBody } from "./read-body.ts";
import { recordIncoming } from "./record-incoming.ts";
import { reply } from "./reply.ts";
import { underFault } from "./under-fault.ts";

const PATCHES_KEPT = 20;
const CALLS_KEPT = 100_000;

/**
 * Receives the outcome of an authorisation from the connector.
 *
 * A second PATCH is answered like the first: Sage documents no idempotency. A test that wants
 * "already applied" scripts a lost reply and a 409 after it, or makes 409 the rule (`PUT
 * /control/rules`).
 */
export async function receivePatch(
  service: BankingService,
  exchange: Exchange,
  [authorisationId = ""]: readonly string[],
): Promise<void> {
  const note = recordIncoming(service, exchange, { from: "connector", to: "Provider API" });
  const n = ++service.counts.patches;
  const call: ProviderCall = {
    n,
    at: performance.timeOrigin + performance.now(),
    authorisationId,
    applied: false,
    status: null,
  };
  pushBounded(service.providerCalls, call, CALLS_KEPT);
  const text = await readBody(exchange.request);
  const { "x-api-key": apiKey, authorization } = exchange.request.headers;
  note.request =
    `x-api-key: ${masked(apiKey?.toString())}\nauthorization: ` +
    `${masked(authorization)}\n${text}`;
  note.authorisationId = authorisationId;

  const authorisation = service.book.find(authorisationId);
  const body = parseJson(text);
  const record: PatchRecord = {
    at: new Date().toISOString(),
    body: body ?? text,
    applied: false,
    status: null,
  };
  if (authorisation) pushBounded(authorisation.patches, record, PATCHES_KEPT);

  const fault = service.faults.next("patch", authorisationId) ?? service.randomFaults.next("patch");
  await underFault(fault, exchange, service.stopping, () => {
    const repeated =
      authorisation?.patches.some(({ applied }) => applied) && service.rules.repeats === "conflict";
    const refusal =
      judgePatch(service, exchange, authorisation, body) ??
      (repeated ? { status: 409, message: "Applied before" } : null);
    if (!refusal) {
      const { status } = (body as { data: { status: string } }).data;
      record.applied = call.applied = true;
      if (status === "success") authorisation?.milestones.add("patched");
    }
    if (refusal) reply.json(exchange.response, refusal.status, { message: refusal.message });
    else reply.json(exchange.response, 200, { data: { id: authorisationId } });
  });
  if (!exchange.request.socket.destroyed && !fault?.noise)
    record.status = call.status = exchange.response.statusCode;
}
