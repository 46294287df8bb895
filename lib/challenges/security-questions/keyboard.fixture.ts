import type { KeyboardJourneys } from "../keyboard-journey.fixture.ts";

export const keyboardJourneys: KeyboardJourneys = {
  always: {
    user_questions: [
      {
        heading: "security-questions.heading",
        values: { count: 2 },
        type: { "answer-car": "blue", "answer-pet": "rover" },
      },
    ],
  },
};
