import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { root } from "../../testing/toolchain.mjs";
import { scenarios } from "./scenarios.ts";

test("docs/reliability.md has a row for each scenario, in the order of the table", () => {
  const page = readFileSync(path.join(root, "docs/reliability.md"), "utf8");
  const rows = [...page.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, name]) => name);
  expect(rows).toEqual(scenarios.map(({ name }) => name));
});
