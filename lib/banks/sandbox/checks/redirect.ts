import { type Check, passed, wrong } from "../check.ts";

/** A page of this bank's own (app/sandbox-bank). */
export const redirect = (publicUrl: string, opens: "frame" | "window"): Check => ({
  ask: ({ request }) => ({
    kind: "redirect",
    prompt: {
      address: `${publicUrl}/sandbox-bank?back=${encodeURIComponent(request.returnAddress)}`,
      opens,
    },
  }),
  answer(answer) {
    if (answer.kind !== "redirect") return wrong;
    // Good enough for a sandbox only: whoever holds the address can write this. A real adapter asks
    // its bank (docs/extending.md).
    return new URLSearchParams(answer.value.query).get("result") === "approved"
      ? passed
      : { type: "again", problem: "denied" };
  },
  otherWay: "sms",
});
