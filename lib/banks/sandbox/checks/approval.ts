import type { Check, Verdict } from "../check.ts";

/** How long somebody takes to approve in the app (contract.md: about 4 s). */
const approvalTakesMs = 4000;
/** How long a request in the app stays open. */
export const approvalEndsMs = 20_000;

/** A request in the app, and what comes of it. */
export const approval = (
  after: Verdict,
  { matchNumber, takesMs = approvalTakesMs }: { matchNumber?: string; takesMs?: number } = {},
): Check => {
  const prompt = {
    pollSeconds: 2,
    device: "Ada’s phone",
    ...(matchNumber === undefined ? {} : { matchNumber }),
  };
  return {
    ask: ({ memory }) => ({
      kind: "approval",
      prompt: { ...prompt, status: memory === "over" ? "over" : "waiting" },
    }),
    answer: () => ({ type: "again", notice: "asked-again", memory: null, restart: true }),
    poll({ nowMs, sinceMs, memory }) {
      if (memory === "over" || nowMs - sinceMs < takesMs)
        return { type: "pending", pollSeconds: 2 };
      return after;
    },
    otherWay: "sms",
  };
};
