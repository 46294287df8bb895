import type { KeyboardJourneys } from "../keyboard-journey.fixture.ts";
import { codeStep } from "../one-time-code/keyboard.fixture.ts";

export const keyboardJourneys: KeyboardJourneys = {
  always: { user_device: [{ heading: "method-choice.heading", choose: 1 }, codeStep] },
};
