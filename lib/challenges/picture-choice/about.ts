import type { AboutKind } from "../challenge.ts";

export const pictureChoiceAbout: AboutKind = {
  handOver: "2 to 12 pictures with an id, each with words of its own, which are its label",
  get: "`{ choice }`, the id",
  withoutMemory: [
    { asked: "a picture to find again (`picture-choice`)", how: "see [Pictures](#pictures)" },
  ],
};
