import type { KeyboardJourneys } from "../keyboard-journey.fixture.ts";

export const keyboardJourneys: KeyboardJourneys = {
  always: { user_message: [{ heading: "message.heading", press: "page.continue" }] },
};
