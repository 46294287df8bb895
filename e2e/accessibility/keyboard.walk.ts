import { keyboardJourneys } from "../support/keyboard-journeys.ts";
import { keyboardTests } from "../support/keyboard-tests.ts";

keyboardTests(Object.keys(keyboardJourneys));
