import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { bankAdapters } from "./registry.ts";

const root = path.resolve(import.meta.dirname, "../..");
const adapters = readdirSync(import.meta.dirname, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
);
const sources = ["app", "lib", "instrumentation.ts"]
  .flatMap((place) =>
    place.includes(".")
      ? [place]
      : readdirSync(path.join(root, place), { recursive: true, encoding: "utf8" }).map((file) =>
          path.join(place, file),
        ),
  )
  .filter(
    (file) => /\.(tsx?|mjs)$/.test(file) && !/\.(test|fixture|integration)\.tsx?$/.test(file),
  );

const importsOf = (file: string) =>
  [...readFileSync(path.join(root, file), "utf8").matchAll(/from "(\.[^"]*)"/g)].map(
    ([, to = ""]) => path.join(path.dirname(file), to),
  );

test("an adapter is its folder and one line of the registry: nothing else in the product names a file of it", () => {
  for (const adapter of adapters) {
    const folder = `lib/banks/${adapter}/`;
    const naming = sources.filter(
      (file) => !file.startsWith(folder) && importsOf(file).some((to) => to.startsWith(folder)),
    );
    expect.soft(naming, adapter).toEqual(["lib/banks/registry.ts"]);
  }
  expect(Object.keys(bankAdapters)).toHaveLength(adapters.length);
});
