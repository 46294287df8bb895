import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { madeFromChallenges } from "./challenge-pages.ts";

const root = path.resolve(import.meta.dirname, "../..");

test.each(Object.entries(madeFromChallenges))("%s says what the kinds say", (file, made) => {
  const text = readFileSync(path.join(root, file), "utf8");
  expect(made(text) === text, `${file} is out of date: run npm run generate`).toBe(true);
});
