import { scenarios } from "../../lib/banks/sandbox/scenarios.ts";
import { keyboardJourneys, usersOfKinds } from "../support/keyboard-journeys.ts";
import { keyboardTests } from "../support/keyboard-tests.ts";
import { expect, test } from "../support/test.ts";

// Those that show each kind of challenge, and one that the bank refuses; `npm run gallery` has all.
keyboardTests([...usersOfKinds, "user_locked"]);

test("every user of the sandbox has a journey by keyboard", () => {
  expect(Object.keys(keyboardJourneys).toSorted()).toEqual(Object.keys(scenarios).toSorted());
});
