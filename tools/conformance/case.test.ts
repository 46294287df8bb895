import { expect, test } from "vitest";
import { type Outcome, report } from "./case.ts";

const outcome = (group: string, name: string, problem?: string): Outcome => ({
  group,
  name,
  problem,
  milliseconds: 1,
});

test("a cause is told once, with how many cases have it and the first of them, the most frequent first", () => {
  const many = Array.from({ length: 109 }, (_, index) =>
    outcome(
      index < 100 ? "hostile text" : "journeys",
      `case ${index}`,
      "threw OpenIdError, request-refused",
    ),
  );
  expect(
    report([
      outcome("describe", "it is always alike"),
      outcome("journeys", "the page", "it is a success"),
      ...many,
    ]),
  ).toBe(`✓ describe: 1 of 1
✗ journeys: 0 of 10
✗ hostile text: 0 of 100

Why, most cases first:
✗ threw OpenIdError, request-refused
    109 cases: hostile text: case 0; hostile text: case 1; hostile text: case 2; and 106 more
✗ it is a success
    1 case: journeys: the page

111 cases, 110 not met, 2 causes.
`);
});
test("where all are met, no cause is told", () => {
  expect(report([outcome("describe", "it is always alike")])).toBe(
    "✓ describe: 1 of 1\n\n1 cases, all of them met.\n",
  );
});
