import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it, test } from "vitest";

const root = path.resolve(import.meta.dirname, "..");
const read = (file: string) => readFileSync(path.join(root, file), "utf8");
const manifest = JSON.parse(read("package.json")) as {
  version: string;
  scripts: Record<string, string>;
};

describe("CHANGELOG.md", () => {
  const text = read("CHANGELOG.md");
  const headings = [...text.matchAll(/^## (.+)$/gm)].map(([, heading = ""]) => heading);
  const releases = headings.slice(1).map((heading) => {
    const [, version = "", date = ""] =
      /^\[(\d+\.\d+\.\d+)\] - (\d{4}-\d{2}-\d{2})$/.exec(heading) ?? [];
    return { version, date };
  });

  it("begins with what is unreleased, then the version of package.json", () => {
    expect(headings[0]).toBe("[Unreleased]");
    expect(releases[0]?.version).toBe(manifest.version);
  });
  it("is as old as the lockfile", () => {
    const lock = JSON.parse(read("package-lock.json")) as {
      version: string;
      packages: Record<string, { version?: string }>;
    };
    expect([lock.version, lock.packages[""]?.version]).toEqual([
      manifest.version,
      manifest.version,
    ]);
  });
  it("dates every release, the newest first", () => {
    const dates = releases.map(({ date }) => date);
    expect(dates.map((date) => new Date(date).toISOString().slice(0, 10))).toEqual(dates);
    expect(dates).toEqual(dates.toSorted().toReversed());
  });
  it("has the sections of Keep a Changelog and no other", () => {
    const sections = [...text.matchAll(/^### (.+)$/gm)].map(([, section = ""]) => section);
    const known = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"];
    expect(sections).not.toEqual([]);
    expect(sections.filter((section) => !known.includes(section))).toEqual([]);
  });
});

const pages = execFileSync(
  "git",
  ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"],
  { cwd: root, encoding: "utf8" },
)
  .split("\n")
  .filter((page) => page !== "" && existsSync(path.join(root, page)));

/** The anchors that GitHub gives the headings of a page. */
const anchorsOf = (page: string) =>
  [...read(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .replace(/\[(.+?)\]\(.*?\)/g, "$1")
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replace(/\s/g, "-"),
  );

/** What docs/extending.md and docs/adapters.md add for the reader to follow. */
const examples = /example-?bank|banks\/example|code-sheet|nl-NL/;

describe.each(pages)("%s", (page) => {
  const text = read(page).replace(/^```[\s\S]*?^ *```$/gm, "");

  it("links to files and headings that are there", () => {
    const links = [
      ...text.matchAll(/\]\((?!https?:|mailto:|\.\.\/security\/policy)([^)]+)\)/g),
    ].map(([, link = ""]) => link);
    const broken = links.filter((link) => {
      const [file = "", anchor] = link.split("#");
      const target = file === "" ? page : path.join(path.dirname(page), decodeURI(file));
      if (!existsSync(path.join(root, target))) return true;
      return anchor !== undefined && target.endsWith(".md") && !anchorsOf(target).includes(anchor);
    });
    expect(broken).toEqual([]);
  });
  it("names files that are there", () => {
    const named = [...read(page).matchAll(/`((?:\w+|\.github|\.ci)\/[^`\s…<>*|=?]+)`/g)]
      .map(([, file = ""]) => file)
      .filter((file) => existsSync(path.join(root, file.split("/")[0] ?? "")))
      .filter((file) => !examples.test(file));
    expect(named.filter((file) => !existsSync(path.join(root, file)))).toEqual([]);
  });
  it("names npm commands that there are", () => {
    const commands = [...read(page).matchAll(/npm run ([a-z][\w:-]*)/g)].map(
      ([, name = ""]) => name,
    );
    expect(commands.filter((name) => !(name in manifest.scripts))).toEqual([]);
  });
});

test("README.md and CONTRIBUTING.md tell of every npm command", () => {
  const text = read("README.md") + read("CONTRIBUTING.md");
  const untold = Object.keys(manifest.scripts).filter(
    (name) => name !== "prestart" && !new RegExp(`npm (run )?${name}\\b`).test(text),
  );
  expect(untold).toEqual([]);
});

test("README.md names every folder, and every room of lib", () => {
  const text = read("README.md");
  const tracked = execFileSync("git", ["ls-files"], { cwd: root, encoding: "utf8" }).split("\n");
  const folders = tracked.flatMap((file) => {
    const [top = "", room] = file.split("/");
    if (top.startsWith(".") || room === undefined) return [];
    return top === "lib" && /^[\w-]+$/.test(room) ? [`${top}/`, room] : [`${top}/`];
  });
  expect(new Set(folders).size).toBeGreaterThan(20);
  expect([...new Set(folders)].filter((folder) => !text.includes(`\`${folder}\``))).toEqual([]);
});

test("the actions of every workflow are pinned by the commit", () => {
  const uses = [...read(".github/workflows/ci.yml").matchAll(/uses: (.+)$/gm)].map(
    ([, action = ""]) => action,
  );
  expect(uses).not.toEqual([]);
  expect(uses.filter((action) => !/^[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(action))).toEqual(
    [],
  );
});
