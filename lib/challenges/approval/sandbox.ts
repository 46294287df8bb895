import { passed, type SandboxContext, type Verdict } from "../sandbox.ts";

/** How long somebody takes to approve in the app: about 4 s. */
const approvalTakesMs = 4000;
/** How long a request in the app stays open. */
const approvalEndsMs = 20_000;

/** A request in the app, and what comes of it. */
function approval(
  after: Verdict,
  { matchNumber, takesMs = approvalTakesMs }: { matchNumber?: string; takesMs?: number } = {},
) {
  const again: Verdict = { type: "again", notice: "asked-again", memory: null, restart: true };
  return {
    ask: ({ memory }: SandboxContext) => ({
      pollSeconds: 2,
      device: "Ada’s phone",
      ...(matchNumber === undefined ? {} : { matchNumber }),
      status: memory === "over" ? ("over" as const) : ("waiting" as const),
    }),
    answer: () => again,
    poll: ({ nowMs, sinceMs, memory }: SandboxContext): Verdict =>
      memory === "over" || nowMs - sinceMs < takesMs ? { type: "pending", pollSeconds: 2 } : after,
    otherWay: "sms",
  };
}

/** Approvals that are given, refused, and never given. */
export const approvalSandbox = {
  checks: {
    push: approval(passed),
    "push-number": approval(passed, { matchNumber: "42" }),
    "push-denied": approval({ type: "again", problem: "denied", memory: "over" }),
    "push-expired": approval(
      { type: "again", problem: "expired", memory: "over" },
      { takesMs: approvalEndsMs },
    ),
  },
  users: {
    user_push: {
      checks: ["push"],
      answers: "",
      expect: "Approval in the bank’s app, given after about 4 seconds.",
    },
    user_push_number: {
      checks: ["push-number"],
      answers: "Number 42",
      expect: "The same, with a number to match.",
    },
    user_push_denied: {
      checks: ["push-denied"],
      answers: "",
      expect: "The approval is refused in the bank’s app.",
    },
    user_push_expired: {
      checks: ["push-expired"],
      answers: "",
      expect: "The approval is never given.",
    },
  },
};
