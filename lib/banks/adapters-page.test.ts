import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

const docs = path.resolve(import.meta.dirname, "../../docs");
const [, section = ""] = readFileSync(path.join(docs, "adapters.md"), "utf8").split(
  "\n## A bank that misbehaves\n",
);
const rows = section
  .split("\n")
  .filter((line) => /^\| (?!it answers)[^|-]/.test(line))
  .map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
const files = new Map(
  [...section.matchAll(/^\[(\w+)\]: (\S+)$/gm)].map(([, name = "", file = ""]) => [name, file]),
);

test.each(rows)(
  "docs/adapters.md says which test shows that a bank may answer %s",
  (_, ...cells) => {
    expect(cells).toHaveLength(3);
    for (const cell of cells) {
      const named = [...cell.matchAll(/\[([^\]]+)\]\[(\w+)\]/g)];
      expect(named).not.toEqual([]);
      for (const [, words = "", name = ""] of named)
        expect(readFileSync(path.join(docs, files.get(name) ?? ""), "utf8"), name).toContain(words);
    }
  },
);

test("and leaves nothing out", () => {
  expect(rows).toHaveLength(9);
});
