import type { AboutKind } from "../challenge.ts";

export const methodChoiceAbout: AboutKind = {
  handOver: "2 to 50 ways or devices: id, label, hint. Send nothing before you have the answer",
  get: "`{ method }`, the id",
  withoutMemory: [
    {
      asked: "a choice of ways (`method-choice`)",
      how: "nothing is remembered. Whoever can choose can avoid what is hard for them",
    },
  ],
};
