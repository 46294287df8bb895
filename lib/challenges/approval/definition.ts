import { z } from "zod";
import { defineChallenge } from "../challenge.ts";
import { optionalBankText } from "../form-text.ts";
import { approvalExamples } from "./examples.ts";
import { approvalAbout } from "./about.ts";
import { approvalSandbox } from "./sandbox.ts";
import { ApprovalView } from "./view.tsx";

const prompt = z.strictObject({
  /**
   * The device the request went to, as the bank names it, for example "Ada's iPhone"; absent where
   * the bank does not say.
   */
  device: optionalBankText(60),
  /**
   * A number the person must find again in the bank's app, so that nobody approves what somebody
   * else started.
   */
  matchNumber: z
    .string()
    .regex(/^[A-Za-z0-9]{1,8}$/)
    .optional(),
  /** What the bank wants the person to know, in its own words. */
  note: optionalBankText(500),
  /** `over`: denied or run out; it can be asked again. */
  status: z.enum(["waiting", "over"]).default("waiting"),
  /** How often the bank wants to be asked. */
  pollSeconds: z.int().min(1).max(60).default(3),
});

/**
 * The person approves in the bank's app. Nothing is typed here: we ask the bank, and without script
 * the person presses "Check now".
 */
export const approval = defineChallenge({
  kind: "approval",
  phase: () => "verify",
  prompt,
  answer: () =>
    z
      .object({ action: z.literal("ask-again", { error: "approval.nothing-to-send" }) })
      .transform(() => ({ askAgain: true as const })),
  bankAnswer: z.strictObject({ askAgain: z.literal(true) }),
  values: () => ({}),
  heading: ({ status }) => (status === "waiting" ? "approval.heading" : "approval.heading-over"),
  problems: () => ({
    wrong: { field: null, key: "approval.denied" },
    expired: { field: null, key: "approval.expired" },
    denied: { field: null, key: "approval.denied" },
  }),
  primary: ({ status }) =>
    status === "waiting"
      ? { action: "check", key: "approval.check" }
      : { action: "ask-again", key: "approval.ask-again" },
  otherWays: ({ status }) =>
    status === "waiting" ? [{ action: "ask-again", key: "approval.ask-again" }] : [],
  kept: () => [],
  pollSeconds: ({ status, pollSeconds }) => (status === "waiting" ? pollSeconds : undefined),
  toView: ({ device, matchNumber, note, status }) => ({ device, matchNumber, note, status }),
  View: ApprovalView,
  examples: approvalExamples,
  sandbox: approvalSandbox,
  about: approvalAbout,
});
