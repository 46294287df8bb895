import type { KeyboardJourneys } from "../keyboard-journey.fixture.ts";

export const keyboardJourneys: KeyboardJourneys = {
  always: { user_captcha: [{ heading: "picture-code.heading-read", type: { reply: "123456" } }] },
  gallery: { user_photo: [{ heading: "picture-code.heading-scan", type: { reply: "123456" } }] },
};
