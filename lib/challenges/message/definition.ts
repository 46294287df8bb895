import { z } from "zod";
import { continueButton, defineChallenge } from "../challenge.ts";
import { bankParagraphs, optionalBankText } from "../form-text.ts";
import { messageExamples } from "./examples.ts";
import { messageAbout } from "./about.ts";
import { messageSandbox } from "./sandbox.ts";
import { MessageView } from "./view.tsx";

const prompt = z.strictObject({
  /** Where in the journey the bank says it. */
  phase: z.enum(["sign-in", "verify"]),
  title: optionalBankText(300),
  /** The text, a paragraph each; addresses in it are text and no links. */
  paragraphs: bankParagraphs(),
});

/** Something the person only has to read before they go on. */
export const message = defineChallenge({
  kind: "message",
  phase: ({ phase }) => phase,
  prompt,
  answer: () =>
    z
      .object({ action: z.literal("continue", { error: "message.unread" }) })
      .transform(() => ({ read: true as const })),
  bankAnswer: z.strictObject({ read: z.literal(true) }),
  values: () => ({}),
  heading: () => "message.heading",
  problems: () => {
    const again = { field: null, key: "message.again" } as const;
    return { wrong: again, expired: again, denied: again };
  },
  primary: () => continueButton,
  otherWays: () => [],
  kept: () => [],
  toView: ({ title, paragraphs }) => ({ title, paragraphs }),
  View: MessageView,
  examples: messageExamples,
  sandbox: messageSandbox,
  about: messageAbout,
});
