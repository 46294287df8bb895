import { passed, type SandboxContext, type Verdict } from "../sandbox.ts";

/** A page of this bank's own (app/sandbox-bank). */
const redirect = (opens: "frame" | "window") => ({
  ask: ({ publicUrl, returnAddress }: SandboxContext) => ({
    url: `${publicUrl}/sandbox-bank?back=${encodeURIComponent(returnAddress)}`,
    opens,
  }),
  // Good enough for a sandbox only: whoever holds the address can write this. A real adapter asks
  // its bank (docs/extending.md).
  answer: ({ query }: { query: string }): Verdict =>
    new URLSearchParams(query).get("result") === "approved"
      ? passed
      : { type: "again", problem: "denied" },
  otherWay: "sms",
});

/** A page of the bank's own, in the frame and in a window. */
export const redirectSandbox = {
  checks: { redirect: redirect("frame"), "redirect-window": redirect("window") },
  users: {
    user_redirect: {
      checks: ["redirect"],
      answers: "",
      expect: "Finishes on a page of the bank’s own and comes back.",
    },
    user_redirect_window: {
      checks: ["redirect-window"],
      answers: "",
      expect: "Finishes on a page of the bank’s own in a new window.",
    },
  },
};
