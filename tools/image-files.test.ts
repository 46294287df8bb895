import { existsSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { foldersOfTheBuild, ignoring, imageFiles } from "../testing/image-files.mjs";

const root = path.resolve(import.meta.dirname, "..");
const files = imageFiles();
const within = (folder: string) => files.filter((file) => file.startsWith(`${folder}/`));
const entries = ["server/start.ts", "server/migrate.ts", "server/health.ts", "server/events.ts"];

/** What these files import, files and packages, and what those import. */
function importedBy(start: readonly string[]): { files: Set<string>; packages: Set<string> } {
  const found = new Set(start);
  const packages = new Set<string>();
  for (const file of found) {
    const text = readFileSync(path.join(root, file), "utf8").replace(
      /^(import|export) type [^;]*;/gm,
      "",
    );
    for (const [, name = ""] of text.matchAll(/(?:from|import|import\()\s*"([^"]+)"/g))
      if (name.startsWith(".")) found.add(path.join(path.dirname(file), name));
      else if (!isBuiltin(name))
        packages.add(name.split("/", name.startsWith("@") ? 2 : 1).join("/"));
  }
  return { files: found, packages };
}

describe("the image", () => {
  it("holds the server, its settings and migrations, the build, and nothing else", () => {
    expect(foldersOfTheBuild().toSorted()).toEqual([".next", "node_modules"]);
    expect([...new Set(files.map((file) => file.split("/")[0]))]).toEqual([
      "lib",
      "next.config.mjs",
      "package.json",
      "prisma",
      "public",
      "server",
    ]);
    expect(within("server")).toEqual([
      "server/connector.ts",
      "server/events.ts",
      "server/health.ts",
      "server/http-server.ts",
      "server/load-shedding.ts",
      "server/migrate.ts",
      "server/prepare-next.ts",
      "server/pressure.ts",
      "server/request-filter.ts",
      "server/schema-engine.ts",
      "server/security-headers.ts",
      "server/serve-assets.ts",
      "server/serve-notifications.ts",
      "server/start-error.ts",
      "server/start.ts",
      "server/web-request.ts",
    ]);
    expect(within("prisma").filter((file) => !file.startsWith("prisma/migrations/"))).toEqual([
      "prisma/grants.sql",
      "prisma/role-passwords.sh",
      "prisma/roles.sql",
      "prisma/schema.prisma",
    ]);
    // Of lib/, the rooms that the server imports from; the rest is in the build.
    expect([...new Set(within("lib").map((file) => file.split("/")[1]))]).toEqual([
      "clock",
      "config",
      "db",
      "events",
      "http",
      "log",
      "net",
      "web",
    ]);
    expect(within("public")).toContain("public/wizard.js");
  });

  it("holds nothing of tests, benchmarks or chaos", () => {
    expect(
      files.filter((file) =>
        /\.(test|integration|fixture|browser|spec)\.|(^|\/)(e2e|bench|chaos|simulator|testing|tools|examples)\//.test(
          file,
        ),
      ),
    ).toEqual([]);
  });

  it("holds every file that the server imports, and its packages are for production", () => {
    const imported = importedBy(entries);
    expect([...imported.files].filter((file) => !files.includes(file))).toEqual([]);
    const { dependencies } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as {
      dependencies: Record<string, string>;
    };
    expect(imported.packages).toContain("next");
    expect([...imported.packages].filter((name) => !(name in dependencies))).toEqual([]);
  });

  it("holds no file of the server that nothing imports", () => {
    const { files: imported } = importedBy(entries);
    expect(within("server").filter((file) => !imported.has(file))).toEqual([]);
    for (const file of entries) expect(existsSync(path.join(root, file))).toBe(true);
  });
});

describe(".dockerignore, as Docker reads it,", () => {
  const ignored = ignoring("# said\n*\n!app\n!a.b\napp/made\n**/*.test.ts\n");
  it.each([
    ["other", true],
    ["app/x/y.ts", false],
    ["app/x/y.test.ts", true],
    ["app/made/client.ts", true],
    ["app/made-up.ts", false],
    ["apple", true],
    ["a.b", false],
    ["aXb", true],
  ])("%s: ignored %s", (file, expected) => expect(ignored(file)).toBe(expected));
});
