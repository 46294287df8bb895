import type { AboutKind } from "../challenge.ts";

export const redirectAbout: AboutKind = {
  handOver: "your page's address, and whether it may stand in a frame",
  get: "`{ query }`, what your page added to the return address",
  withoutMemory: [
    {
      asked: "a page of the bank’s own (`redirect`)",
      how: "nothing here; the page is the bank’s to make accessible",
    },
  ],
};
