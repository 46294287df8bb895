import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { endings } from "../../lib/journey/endings.ts";
import { outcomesPage } from "./outcomes-page.ts";

describe("docs/outcomes.md", () => {
  const page = outcomesPage();

  test("is what `npm run generate` makes of the table and the texts", () => {
    expect(readFileSync(path.resolve(import.meta.dirname, "../../docs/outcomes.md"), "utf8")).toBe(
      page,
    );
  });
  test("has every outcome once", () => {
    for (const name of Object.keys(endings))
      expect(page.split(`| \`${name}\` |`), name).toHaveLength(2);
  });
});
