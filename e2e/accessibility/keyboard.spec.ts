import { scenarios } from "../../lib/banks/sandbox/scenarios.ts";
import { keyboardJourneys } from "../support/keyboard-journeys.ts";
import { keyboardTests } from "../support/keyboard-tests.ts";
import { expect, test } from "../support/test.ts";

// One for each kind of challenge and one that the bank refuses; `npm run gallery` has them all.
keyboardTests([
  "user_sms",
  "user_device",
  "user_questions",
  "user_memorable",
  "user_message",
  "user_fields",
  "user_captcha",
  "user_image",
  "user_push_denied",
  "user_redirect",
  "user_redirect_window",
  "user_locked",
]);

test("every user of the sandbox has a journey by keyboard", () => {
  expect(Object.keys(keyboardJourneys).toSorted()).toEqual(Object.keys(scenarios).toSorted());
});
