import type { KeyboardJourneys } from "../keyboard-journey.fixture.ts";

export const keyboardJourneys: KeyboardJourneys = {
  always: {
    user_redirect: [{ heading: "redirect.heading", atBank: "frame" }],
    user_redirect_window: [{ heading: "redirect.heading", atBank: "window" }],
  },
};
