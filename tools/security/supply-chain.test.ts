import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { advisoriesOn, readAudit, supplyChainProblems } from "./supply-chain.mjs";

const root = path.resolve(import.meta.dirname, "../..");
const read = (file: string) => JSON.parse(readFileSync(path.join(root, file), "utf8"));
const [manifest, lockfile] = [read("package.json"), read("package-lock.json")];

test("every package we take is one exact version with its hash, new enough, and runs a script only if it may", () => {
  expect(supplyChainProblems(manifest, lockfile)).toEqual([]);
});

describe("is found", () => {
  const integrity = `sha512-${"A".repeat(86)}==`;
  const judge = (
    dependencies: Record<string, string>,
    packages: Record<string, object>,
    more: object = {},
    locked: Record<string, string> = dependencies,
  ) =>
    supplyChainProblems(
      { dependencies, ...more },
      { lockfileVersion: 3, packages: { "": { dependencies: locked }, ...packages } },
    );
  const good = { version: "1.2.3", integrity };
  test("nothing where all is well", () =>
    expect(judge({ a: "1.2.3" }, { "node_modules/a": good })).toEqual([]));
  test.each<[string, string[]]>([
    ["a range", judge({ a: "^1.2.3" }, { "node_modules/a": good })],
    ["a tag", judge({ a: "latest" }, { "node_modules/a": good })],
    ["a version that is not the locked one", judge({ a: "1.2.4" }, { "node_modules/a": good })],
    [
      "a lockfile of another package.json",
      judge({ a: "1.2.3" }, { "node_modules/a": good }, {}, {}),
    ],
    ["a package without a hash", judge({ a: "1.2.3" }, { "node_modules/a": { version: "1.2.3" } })],
    [
      "a hash that is too weak",
      judge({ a: "1.2.3" }, { "node_modules/a": { version: "1.2.3", integrity: "sha1-x" } }),
    ],
    [
      "a package from a named host",
      judge(
        { a: "1.2.3" },
        { "node_modules/a": { ...good, resolved: "https://registry.example/a.tgz" } },
      ),
    ],
    ["a folder", judge({ a: "1.2.3" }, { "node_modules/a": { ...good, link: true } })],
    [
      "an install script nobody allowed",
      judge({ a: "1.2.3" }, { "node_modules/a": { ...good, hasInstallScript: true } }),
    ],
    [
      "a permission nobody needs",
      judge({ a: "1.2.3" }, { "node_modules/a": good }, { allowScripts: { b: true } }),
    ],
    [
      "a framework that is too old",
      judge({ next: "16.0.6" }, { "node_modules/next": { version: "16.0.6", integrity } }),
    ],
    [
      "a release candidate of the oldest one",
      judge(
        { next: "16.0.10-rc.1" },
        { "node_modules/next": { version: "16.0.10-rc.1", integrity } },
      ),
    ],
    ["an empty lockfile", judge({}, {})],
  ])("%s", (_, problems) => expect(problems.length).toBeGreaterThan(0));
});

describe("what the registry says of known vulnerabilities", () => {
  test("is taken where it says something", () => {
    expect(
      readAudit({
        status: 0,
        stdout: JSON.stringify({ auditReportVersion: 2, vulnerabilities: {} }),
      }),
    ).toEqual({ advisories: [] });
    expect(
      readAudit({
        status: 1,
        stdout: JSON.stringify({
          auditReportVersion: 2,
          vulnerabilities: { a: { severity: "high", range: "<1.2.4" } },
        }),
      }),
    ).toEqual({ advisories: ["a: high, versions <1.2.4"] });
  });
  test.each([
    [
      "a mirror that has no audit",
      {
        status: 1,
        stdout: JSON.stringify({
          message:
            "405 Method Not Allowed - POST " +
            "https://registry.example/-/npm/v1/security/advisories/bulk",
        }),
      },
      "405 Method Not Allowed",
    ],
    [
      "no network",
      {
        status: 1,
        stdout: JSON.stringify({ message: "request failed, reason: getaddrinfo ENOTFOUND" }),
      },
      "npm audit ended with status 1",
    ],
    ["nothing", { status: 0, stdout: "" }, "npm audit ended with status 0"],
    ["an end by force", { status: null, stdout: "{" }, "npm audit ended with status null"],
  ])("is never taken for “none” where it is %s", (_, audit, refused) =>
    expect(readAudit(audit)).toEqual({ refused }),
  );
});

describe("a list of advisories", () => {
  const locked = (version: string) => ({
    packages: {
      "": {},
      "node_modules/a": { version },
      "node_modules/x/node_modules/b": { version: "1.0.0" },
    },
  });
  const about = (events: object[], more: object = {}) => [
    {
      id: "GHSA-1",
      affected: [
        { package: { ecosystem: "npm", name: "a" }, ranges: [{ type: "SEMVER", events }] },
      ],
      ...more,
    },
  ];
  test.each([
    ["before the fix", "1.2.3", [{ introduced: "0" }, { fixed: "1.2.4" }], true],
    ["with the fix", "1.2.4", [{ introduced: "0" }, { fixed: "1.2.4" }], false],
    ["before it was introduced", "1.2.3", [{ introduced: "1.3.0" }, { fixed: "1.4.0" }], false],
    [
      "introduced again after a fix",
      "2.0.1",
      [{ introduced: "0" }, { fixed: "1.2.4" }, { introduced: "2.0.0" }, { fixed: "2.0.2" }],
      true,
    ],
    ["the last affected", "1.2.3", [{ introduced: "0" }, { last_affected: "1.2.3" }], true],
    ["after the last affected", "1.2.4", [{ introduced: "0" }, { last_affected: "1.2.3" }], false],
    [
      "a release candidate of the fix",
      "1.2.4-rc.1",
      [{ introduced: "0" }, { fixed: "1.2.4" }],
      true,
    ],
  ])("judges a version %s", (_, version, events, affected) =>
    expect(advisoriesOn(locked(version), about(events))).toEqual(
      affected ? [`a: ${version} is affected by GHSA-1`] : [],
    ),
  );
  test("names a package wherever it is installed, by its single versions too, and none of another ecosystem or withdrawn", () => {
    expect(
      advisoriesOn(locked("1.0.0"), [
        {
          id: "GHSA-2",
          affected: [{ package: { ecosystem: "npm", name: "b" }, versions: ["1.0.0"] }],
        },
      ]),
    ).toEqual(["b: 1.0.0 is affected by GHSA-2"]);
    expect(
      advisoriesOn(locked("1.0.0"), [
        {
          id: "GHSA-3",
          affected: [{ package: { ecosystem: "PyPI", name: "a" }, versions: ["1.0.0"] }],
        },
      ]),
    ).toEqual([]);
    expect(
      advisoriesOn(
        locked("1.0.0"),
        about([{ introduced: "0" }], { withdrawn: "2026-01-01T00:00:00Z" }),
      ),
    ).toEqual([]);
  });
});
