import type { InboundReceipt } from "../../lib/notifications/receive-connect-code-request.ts";
import { jsonResponse, problemResponse, type ProblemStatus } from "../../lib/web/problem.ts";
import { readJsonBody } from "../../lib/http/request-body.ts";
import { services } from "../../lib/services.ts";
import { answerJson } from "../_answers/json.ts";
import { refuseOtherMethods } from "../_answers/methods.ts";

export const dynamic = "force-dynamic";
export const { GET, HEAD, PUT, PATCH, DELETE, OPTIONS } = refuseOtherMethods("POST");

const statuses = {
  untrusted: 401,
  "not-json": 415,
  "too-large": 413,
  "too-slow": 408,
  malformed: 400,
} as const satisfies Record<Exclude<InboundReceipt["type"], "made">, ProblemStatus>;

/**
 * A bank's back end wants something of its adapter, such as a connect code
 * (docs/adapters/connect-code.md).
 */
export const POST = (request: Request) =>
  answerJson(async () => {
    const { clock, receiveConnectCodeRequest: receiveInboundRequest } = services();
    const receipt = await receiveInboundRequest({
      authorization: request.headers.get("authorization"),
      readJson: () => readJsonBody(request, clock),
    });
    return receipt.type === "made"
      ? jsonResponse(201, receipt.value)
      : problemResponse(statuses[receipt.type]);
  });
