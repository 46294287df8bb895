import { setTimeout } from "node:timers/promises";

import type { Fault } from "./control-api.ts";
import type { Exchange } from "./exchange.ts";
import { reply } from "./reply.ts";
import { spoilAnswer } from "./spoil-answer.ts";

/**
 * Lets a call happen, or go wrong as scripted: first the delay, then the cut or the false answer,
 * else the call itself.
 *
 * @param fault what goes wrong; nothing when undefined
 * @param stopping ends a delay when the simulator closes
 * @param apply does the call and answers it
 */
export async function underFault(
  fault: Fault | undefined,
  { request, response }: Exchange,
  stopping: AbortSignal,
  apply: () => void | Promise<void>,
): Promise<void> {
  if (!fault) return apply();
  if (fault.delayMs) await setTimeout(fault.delayMs, undefined, { signal: stopping, ref: false });
  if (fault.resetBeforeApply) {
    request.socket.resetAndDestroy();
    return;
  }
  if (fault.noise) {
    request.socket.end("\u0016\u0003\u0001 not HTTP at all\r\n\r\n");
    return;
  }
  if (
    fault.loseReply ||
    fault.truncate ||
    fault.mistype ||
    fault.trickleMs !== undefined ||
    fault.answerAfterMs !== undefined
  ) {
    spoilAnswer(fault, request, response, stopping);
    return apply();
  }
  if (fault.status === undefined && fault.body === undefined) return apply();
  const status = fault.status ?? 200;
  const headers = fault.retryAfter === undefined ? {} : { "retry-after": String(fault.retryAfter) };
  if (typeof fault.body === "string") reply.html(response, status, fault.body, headers);
  else reply.json(response, status, fault.body ?? { message: "A scripted fault" }, headers);
}
