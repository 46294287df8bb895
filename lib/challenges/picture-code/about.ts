import type { AboutKind } from "../challenge.ts";

export const pictureCodeAbout: AboutKind = {
  handOver:
    "a picture and its `purpose`: to `scan` with your app, or to `read`; after how " +
    "many seconds it runs out, where it does; `instead`, its data to type into the " +
    "app; `sound`, the code to hear; the reply's characters and, where you tell, length",
  get: "`{ reply }` without spaces and dashes, or `{ refresh: true }`",
  withoutMemory: [
    {
      asked: "a code that follows from a picture (`picture-code`)",
      how: "see [Pictures](#pictures)",
    },
  ],
};
