import type { AboutKind } from "../challenge.ts";

export const approvalAbout: AboutKind = {
  handOver: "device, number to match, a `note` of yours, `status`, how often to poll",
  get: "`{ askAgain: true }`; the approval itself comes by `poll`",
  withoutMemory: [
    {
      asked: "an approval in the bank’s app (`approval`)",
      how: "nothing is remembered or typed; a number to compare is shown and spoken",
    },
  ],
};
