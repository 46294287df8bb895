import { expect, test } from "vitest";
import { misplaced, statementMutants } from "./statements.mjs";

test("every change to the SQL that `npm run mutation` tries stands once in its file", () => {
  expect(misplaced(statementMutants)).toEqual([]);
});
