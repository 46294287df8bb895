import type { AboutKind } from "../challenge.ts";

export const messageAbout: AboutKind = {
  handOver: "the phase, perhaps a title, paragraphs",
  get: "`{ read: true }`",
  withoutMemory: [{ asked: "a message (`message`)", how: "nothing is remembered" }],
};
