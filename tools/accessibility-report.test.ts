import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { challengeKinds } from "../lib/challenges/index.ts";

const docs = path.resolve(import.meta.dirname, "../docs");
const report = readFileSync(path.join(docs, "accessibility.md"), "utf8");
const definitions = new Map(
  [...report.matchAll(/^\[([^\]]+)\]: (\S+)$/gm)].map(([, label = "", target = ""]) => [
    label,
    target,
  ]),
);

// WCAG 2.1, A and AA: how many criteria each guideline has. Then what 2.2 adds at these levels.
const guidelines = {
  "1.1": [1],
  "1.2": [1, 2, 3, 4, 5],
  "1.3": [1, 2, 3, 4, 5],
  "1.4": [1, 2, 3, 4, 5, 10, 11, 12, 13],
  "2.1": [1, 2, 4],
  "2.2": [1, 2],
  "2.3": [1],
  "2.4": [1, 2, 3, 4, 5, 6, 7],
  "2.5": [1, 2, 3, 4],
  "3.1": [1, 2],
  "3.2": [1, 2, 3, 4],
  "3.3": [1, 2, 3, 4],
  "4.1": [1, 2, 3],
};
const added = ["2.4.11", "2.5.7", "2.5.8", "3.2.6", "3.3.7", "3.3.8"];
const criteria = [
  ...Object.entries(guidelines).flatMap(([guideline, numbers]) =>
    numbers.map((number) => `${guideline}.${number}`),
  ),
  ...added,
];
const rows = report.split("\n").flatMap((line) => {
  const [, criterion, result = "", , shown = ""] =
    /^\| (\d\.\d\.\d+) [^|]+\| ([^|]+) \| ([^|]+) \|(.*)\|$/.exec(line) ?? [];
  return criterion === undefined ? [] : [{ criterion, result, shown }];
});

describe("the conformance report", () => {
  test("has all 50 criteria of WCAG 2.1 A and AA and the 6 of 2.2, once each", () => {
    expect(criteria).toHaveLength(56);
    expect(rows.map(({ criterion }) => criterion).toSorted()).toEqual(criteria.toSorted());
  });
  test.each(rows)("says of $criterion what shows it: $result", ({ result, shown }) => {
    if (result !== "does not apply") expect(shown.trim()).not.toBe("");
    for (const [, label = ""] of shown.matchAll(/\[([^\]]+)\](?!\()/g))
      expect([...definitions.keys()], shown).toContain(label);
  });
  test("names files that exist", () => {
    const targets = [
      ...definitions.values(),
      ...[...report.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, target = ""]) => target),
    ].filter((target) => !/^https?:/.test(target));
    expect(targets.length).toBeGreaterThan(30);
    expect(targets.filter((target) => !existsSync(path.join(docs, target)))).toEqual([]);
  });
  test.each(challengeKinds.map(({ kind }) => kind))(
    "says how %s does without memory, puzzle or copying",
    (kind) => {
      expect(report).toContain(`| \`${kind}\` |`);
    },
  );
});
