import { type Check, passed, wrong } from "../check.ts";

/** Something to read before the journey goes on. */
export const message: Check = {
  ask: () => ({
    kind: "message",
    prompt: {
      phase: "verify",
      title: "Our terms change on 1 March",
      paragraphs: [
        "The new terms say how we share your account details when you ask us to.",
        "You find them in your online banking, under Messages.",
      ],
    },
  }),
  answer: (answer) => (answer.kind === "message" ? passed : wrong),
};
