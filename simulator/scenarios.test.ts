import { expect, test } from "vitest";
import { scenarios } from "../lib/banks/sandbox/scenarios.ts";
import { SCENARIOS } from "./scenarios.ts";

test("the cheat sheet has every user name of the sandbox bank, and says what is to be seen", () => {
  expect(SCENARIOS.map(({ userName }) => userName).toSorted()).toEqual(
    Object.keys(scenarios).toSorted(),
  );
  for (const { userName, expect: seen } of SCENARIOS) expect(seen, userName).toMatch(/\.$/);
});
