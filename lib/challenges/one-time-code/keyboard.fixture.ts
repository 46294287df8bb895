import type { KeyboardJourneys, KeyboardStep } from "../keyboard-journey.fixture.ts";

/** A code of six digits is asked for. */
export const codeStep: KeyboardStep = {
  heading: "one-time-code.heading",
  values: { length: 6 },
  type: { code: "123456" },
};

export const keyboardJourneys: KeyboardJourneys = {
  always: { user_sms: [codeStep] },
  gallery: {
    user_email: [codeStep],
    user_totp: [codeStep],
    user_card_reader: [
      { heading: "one-time-code.heading-card-reader", type: { code: "12345678" } },
    ],
  },
};
