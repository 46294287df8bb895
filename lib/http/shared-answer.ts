import { type Clock, startStopwatch } from "../clock/clock.ts";

/**
 * Asks once for everybody: whoever comes while the question is under way waits for its answer, and
 * whoever comes within `forMs` of that is given it, too. A failure is told to those who waited, and
 * not kept.
 * @param forMs in milliseconds.
 */
export function sharedAnswer<Answer>(
  ask: () => Promise<Answer>,
  { forMs, clock }: { forMs: number; clock: Clock },
): () => Promise<Answer> {
  let held: { answer: Answer; ageMs: () => number } | undefined;
  let asking: Promise<Answer> | undefined;
  const askNow = async () => {
    const answer = await ask();
    held = { answer, ageMs: startStopwatch(clock) };
    return answer;
  };
  return async () => {
    if (held && held.ageMs() < forMs) return held.answer;
    asking ??= askNow().finally(() => {
      asking = undefined;
    });
    return asking;
  };
}
