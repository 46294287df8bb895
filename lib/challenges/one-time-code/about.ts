import type { AboutKind } from "../challenge.ts";

export const oneTimeCodeAbout: AboutKind = {
  handOver:
    "the channel: text message or email with the masked destination, if you say it, " +
    "and whether you send another; an app; a card reader with the number to type on " +
    "it; any `other` way, by your `method` for it. The code's length, or the `maxLength` " +
    "it can be, or neither; `format` if it may have letters, how long it works; a " +
    "`note` of yours; an `identifier`, a second entry that goes with the code and is " +
    "no secret",
  get:
    "`{ code }` without spaces and dashes, letters as typed, with `identifier` where " +
    "you asked for one; or `{ sendAgain: true }`",
  withoutMemory: [
    {
      asked: "a code by text message, by email, from an app (`one-time-code`)",
      how: "the phone or the password manager fills it in (`one-time-code`); paste",
    },
    {
      asked: "a code from a card reader",
      how:
        "nothing we could do: two devices are copied from by hand. The number is seen " +
        "in groups and said digit by digit. **The bank has to offer another way**, as " +
        "the sandbox does, or its adapter's documentation names the rule that forbids " +
        "it",
    },
  ],
};
