import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { filesOf, threats } from "./threats.mjs";

const root = path.resolve(import.meta.dirname, "../..");
const read = (file: string) => readFileSync(path.join(root, file), "utf8");

test("every file that is named as a proof is there, and is what its kind says", () => {
  const patterns = {
    unit: /\.test\.tsx?$/,
    integration: /\.integration\.ts$/,
    e2e: /\.spec\.ts$/,
    browser: /\.browser\.tsx$/,
    scripts: /\.mjs$/,
  };
  for (const [kind, pattern] of Object.entries(patterns)) {
    for (const file of filesOf(kind as keyof typeof patterns)) {
      expect(existsSync(path.join(root, file)), file).toBe(true);
      expect(file).toMatch(pattern);
    }
  }
});

describe.each(["docs/security.md", "docs/asvs.md", "SECURITY.md"])("%s", (page) => {
  const text = read(page);
  test("names no file that is not there", () => {
    const named = [
      ...text.matchAll(
        /`((?:lib|app|server|simulator|testing|tools|e2e|docs|prisma|public)\/[^`*…<> ]+)`/g,
      ),
    ].map(([, file = ""]) => file);
    const linked = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#]+)/g)].map(([, file = ""]) =>
      path.join(path.dirname(page), file),
    );
    expect([...named, ...linked].filter((file) => !existsSync(path.join(root, file)))).toEqual([]);
  });
  test("names no command that is not there", () => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    const commands = [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, name = ""]) => name);
    expect(commands.filter((name) => !(name in scripts))).toEqual([]);
  });
});

test("docs/security.md tells of every threat, and names every proof of it", () => {
  const text = read("docs/security.md");
  for (const [threat, proof] of Object.entries(threats)) {
    const [, section] = text.split(`### ${threat[0]?.toUpperCase()}${threat.slice(1)}\n`);
    expect(section, threat).toBeDefined();
    const own = section?.split("\n#")[0] ?? "";
    for (const file of Object.values(proof).flat())
      expect(own, `${threat}: ${file}`).toContain(path.basename(file));
  }
});
