import type { AboutKind } from "../challenge.ts";

export const memorableCharactersAbout: AboutKind = {
  handOver:
    "`positions` from 1; the word's length, your name for it, whether capitals matter, " +
    "where you tell",
  get: "`{ characters: [{ position, character }] }`, as typed",
  withoutMemory: [
    {
      asked: "characters of a memorable word (`memorable-characters`)",
      how:
        "they are there to be remembered, as security questions are. Another way is named " +
        "before the characters are asked for; they can " +
        "be typed one by one, each field named by its place, or together in one; " +
        "nothing jumps",
    },
  ],
};
