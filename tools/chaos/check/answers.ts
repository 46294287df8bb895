import type { HistoryEvent } from "../history.ts";
import { only } from "./by-authorisation.ts";
import { type Promises, slowest503Ms, type Violation } from "./promises.ts";

/**
 * Whether every request was answered as the contract says; a fault may add 503 with `Retry-After`,
 * in time, and nothing else.
 */
export function answers(
  events: readonly HistoryEvent[],
  { may503, mayCut, late503Ms = slowest503Ms, timed = true }: Promises,
): Violation[] {
  const found: Violation[] = [];
  for (const { call, status, ms, retryAfter, failure, right, replica } of only(events, "answer")) {
    const say = (detail: string) =>
      found.push({ rule: "answer", detail: `${call} at replica ${replica}: ${detail}` });
    if (status === null) {
      if (!mayCut) say(`no answer (${failure})`);
    } else if (right.includes(status)) {
      continue;
    } else if (status !== 503) {
      say(`${status} and not ${right.join(" or ")}`);
    } else if (!may503) {
      say("503");
    } else if (!/^\d+$/.test(retryAfter ?? "")) {
      say("503 without Retry-After");
    } else if (timed && ms > late503Ms) {
      say(`503 after ${ms} ms`);
    }
  }
  return found;
}
