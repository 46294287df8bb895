import type { AboutKind } from "../challenge.ts";

export const securityQuestionsAbout: AboutKind = {
  handOver: "1 to 5 questions: id, text",
  get: "`{ answers: [{ id, text }] }`, as typed",
  withoutMemory: [
    {
      asked: "security questions (`security-questions`)",
      how:
        "nothing we could do: they are there to be remembered, and a bank that asks " +
        "nothing else is the only one who can change it",
    },
  ],
};
