import { z } from "zod";
import { defineChallenge } from "../challenge.ts";
import { bankUrl } from "./bank-url.ts";
import { redirectExamples } from "./examples.ts";
import { redirectAbout } from "./about.ts";
import { redirectSandbox } from "./sandbox.ts";
import { RedirectView } from "./view.tsx";

const prompt = z.strictObject({
  /** The bank's page; it sends the browser back to BankRequest.returnAddress. */
  url: bankUrl,
  /**
   * `frame`: here. `window`: the bank forbids framing, so the person opens a window of its own; the
   * way back needs nothing from the window that was left.
   */
  opens: z.enum(["frame", "window"]),
});

/**
 * A page of the bank's own: the person goes there by a link, and what comes back is the answer
 * (lib/wizard/return-from-bank.ts).
 */
export const redirect = defineChallenge({
  kind: "redirect",
  phase: () => "verify",
  prompt,
  answer: () =>
    z
      .object({ "bank-query": z.string().max(4096).optional() })
      .transform(({ "bank-query": query }, context) => {
        if (query !== undefined) return { query };
        context.addIssue("redirect.not-there-yet");
        return z.NEVER;
      }),
  bankAnswer: z.strictObject({
    query: z
      .string()
      .max(4096)
      .describe(
        "What your page added to the return address. It came through a browser: believe " +
          "nothing of it.",
      ),
  }),
  values: () => ({}),
  heading: () => "redirect.heading",
  problems: () => ({
    wrong: { field: null, key: "redirect.wrong" },
    expired: { field: null, key: "redirect.expired" },
    denied: { field: null, key: "redirect.denied" },
  }),
  // The link in the view is the way on; in a window of its own the person may come back before the
  // script notices.
  primary: () => undefined,
  otherWays: ({ opens }) =>
    opens === "window" ? [{ action: "check", key: "redirect.check" }] : [],
  kept: () => [],
  pollSeconds: ({ opens }) => (opens === "window" ? 3 : undefined),
  toView: ({ url, opens }) => ({ url, opens }),
  View: RedirectView,
  examples: redirectExamples,
  sandbox: redirectSandbox,
  about: redirectAbout,
});
