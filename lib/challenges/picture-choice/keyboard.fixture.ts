import type { KeyboardJourneys } from "../keyboard-journey.fixture.ts";

export const keyboardJourneys: KeyboardJourneys = {
  always: { user_image: [{ heading: "picture-choice.heading", choose: 2 }] },
};
