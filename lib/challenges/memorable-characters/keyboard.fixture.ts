import type { KeyboardJourneys } from "../keyboard-journey.fixture.ts";

export const keyboardJourneys: KeyboardJourneys = {
  always: {
    user_memorable: [
      {
        heading: "memorable-characters.heading",
        values: { count: 3 },
        type: { "character-2": "a", "character-5": "p", "character-7": "p" },
      },
    ],
  },
};
