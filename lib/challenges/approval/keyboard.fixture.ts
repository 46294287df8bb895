import type { KeyboardJourneys } from "../keyboard-journey.fixture.ts";
import { codeStep } from "../one-time-code/keyboard.fixture.ts";

export const keyboardJourneys: KeyboardJourneys = {
  always: {
    user_push_denied: [
      { heading: "approval.heading-over", error: true, press: "page.other-way" },
      codeStep,
    ],
  },
  gallery: {
    user_push: [{ heading: "approval.heading" }],
    user_push_number: [{ heading: "approval.heading" }],
    user_push_expired: [{ heading: "approval.heading", press: "page.other-way" }, codeStep],
  },
};
