import type { KeyboardJourneys } from "../keyboard-journey.fixture.ts";

export const keyboardJourneys: KeyboardJourneys = {
  always: {
    user_fields: [
      {
        heading: "credentials.heading-more",
        phase: 1,
        type: { "field-customer-number": "48151623", "field-pin": "2468" },
      },
    ],
  },
};
