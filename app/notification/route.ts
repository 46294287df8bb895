import { jsonResponse, problemResponse, type ProblemStatus } from "../../lib/web/problem.ts";
import { readJsonBody } from "../../lib/http/request-body.ts";
import type { Receipt } from "../../lib/notifications/receive-notification.ts";
import { services } from "../../lib/services.ts";
import { answerJson } from "../_answers/json.ts";
import { refuseOtherMethods } from "../_answers/methods.ts";

export const dynamic = "force-dynamic";
export const { GET, HEAD, PUT, PATCH, DELETE, OPTIONS } = refuseOtherMethods("POST");

const statuses = {
  untrusted: 401,
  "sender-unverifiable": 503,
  "not-json": 415,
  "too-large": 413,
  "too-slow": 408,
  malformed: 400,
} as const satisfies Record<Exclude<Receipt, "recorded">, ProblemStatus>;

/**
 * Banking Service tells of something that was created or deleted. Answered with 200 only after the
 * commit.
 */
export const POST = (request: Request) =>
  answerJson(async () => {
    const { clock, receiveNotification } = services();
    const receipt = await receiveNotification({
      headers: request.headers,
      readJson: () => readJsonBody(request, clock),
    });
    return receipt === "recorded"
      ? jsonResponse(200, { received: true })
      : problemResponse(statuses[receipt]);
  });
