import type { Challenge } from "../../../challenges/index.ts";
import { type Check, type CheckContext, passed, type Verdict, wrong } from "../check.ts";

/** Right everywhere; it opens nothing but this sandbox. */
export const sandboxCode = "123456";

const sendAgainEveryMs = 30_000;

/** A second code within half a minute has to wait for its time, as banks do it. */
function sendAgain({ memory, nowMs }: CheckContext): Verdict {
  const lastMs = typeof memory === "number" ? memory : -Infinity;
  const waitMs = lastMs + sendAgainEveryMs - nowMs;
  if (waitMs > 0) return { type: "again", notice: "wait", waitSeconds: Math.ceil(waitMs / 1000) };
  return { type: "again", notice: "sent-again", memory: nowMs };
}

/** A code, however it reaches the person. */
export const code = (
  prompt: Extract<Challenge, { kind: "one-time-code" }>["prompt"],
  { right = sandboxCode, ...more }: Partial<Check> & { right?: string } = {},
): Check => ({
  ask: () => ({ kind: "one-time-code", prompt }),
  answer(answer, context) {
    if (answer.kind !== "one-time-code") return wrong;
    if ("sendAgain" in answer.value) return sendAgain(context);
    return answer.value.code === right ? passed : wrong;
  },
  ...more,
});
