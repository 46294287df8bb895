import type { MessageKey } from "../../i18n/translator.ts";
import type { OneTimeCodePrompt } from "./prompt.ts";

interface ChannelTexts {
  /** Also where the bank does not say where it was sent, or what its way is called. */
  hint: MessageKey;
  named?: MessageKey;
  wrong: MessageKey;
  /** What to do when no new code can be sent from here. */
  expired: MessageKey;
}

/** Where the right code is to be found: each channel has its own words for it. */
export const channelTexts: Readonly<Record<OneTimeCodePrompt["channel"], ChannelTexts>> = {
  sms: {
    hint: "one-time-code.sent-by-sms-unnamed",
    named: "one-time-code.sent-by-sms",
    wrong: "one-time-code.wrong",
    expired: "one-time-code.expired-for-good",
  },
  email: {
    hint: "one-time-code.sent-by-email-unnamed",
    named: "one-time-code.sent-by-email",
    wrong: "one-time-code.wrong-email",
    expired: "one-time-code.expired-for-good",
  },
  app: {
    hint: "one-time-code.in-app",
    wrong: "one-time-code.wrong-app",
    expired: "one-time-code.expired-app",
  },
  "card-reader": {
    hint: "one-time-code.in-card-reader",
    wrong: "one-time-code.wrong-card-reader",
    expired: "one-time-code.expired-card-reader",
  },
  other: {
    hint: "one-time-code.from-bank",
    named: "one-time-code.from-method",
    wrong: "one-time-code.wrong-other",
    expired: "one-time-code.expired-for-good",
  },
};

/** Where the code is to be found, in the words that fit what the bank says of it. */
export function hintOf(prompt: OneTimeCodePrompt): MessageKey {
  const { hint, named = hint } = channelTexts[prompt.channel];
  const name =
    "destination" in prompt ? prompt.destination : "method" in prompt ? prompt.method : undefined;
  return name === undefined ? hint : named;
}

/** What the code is made of, and whether it is known how long it is. */
const formatTexts = {
  digits: {
    heading: "one-time-code.heading",
    label: "one-time-code.code",
    missing: "one-time-code.missing",
    notOne: "one-time-code.not-digits",
    wrongLength: "one-time-code.wrong-length",
  },
  "letters-and-digits": {
    heading: "one-time-code.heading-letters",
    label: "one-time-code.code-letters",
    missing: "one-time-code.heading-letters",
    notOne: "one-time-code.not-letters",
    wrongLength: "one-time-code.not-letters",
  },
  "any-digits": {
    heading: "one-time-code.heading-any",
    label: "one-time-code.code-any",
    missing: "one-time-code.heading-any",
    notOne: "picture-code.not-digits",
    wrongLength: "picture-code.too-long",
  },
  "any-letters-and-digits": {
    heading: "one-time-code.heading-any",
    label: "one-time-code.code-any",
    missing: "one-time-code.heading-any",
    notOne: "one-time-code.not-letters-any",
    wrongLength: "picture-code.too-long",
  },
} as const satisfies Record<string, Record<string, MessageKey>>;

export const formatTextsOf = ({ format = "digits", length }: OneTimeCodePrompt) =>
  formatTexts[length === undefined ? (`any-${format}` as const) : format];
