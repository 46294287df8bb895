import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { connectCodeSettings } from "./settings.ts";

const folder = mkdtempSync(path.join(tmpdir(), "connect-code-"));
afterAll(() => rmSync(folder, { recursive: true }));
const keyFile = path.join(folder, "key");
writeFileSync(keyFile, "k".repeat(32));
const read = (more: object) => connectCodeSettings.safeParse({ keys: [keyFile], ...more });

describe("an entry for connect codes", () => {
  test("needs nothing but a key", () => {
    expect(read({}).data).toMatchObject({ digits: 8, validMinutes: 10 });
  });
  test.each([
    { validMinutes: 3 },
    { validMinutes: 60 },
    { identifier: { label: "Connection id", characters: "digits", minLength: 6, maxLength: 6 } },
    { identifier: { label: "Anschluss", characters: "any" } },
  ])("may say %j", (more) => {
    expect(read(more).data).toMatchObject(more);
  });
  test.each([
    { validMinutes: 2 },
    { validMinutes: 61 },
    { identifier: {} },
    { identifier: { label: "", characters: "digits" } },
    { identifier: { label: "x", characters: "hex" } },
    { identifier: { label: "x", characters: "any", minLength: 5, maxLength: 4 } },
    { identifier: { label: "x", characters: "any", pattern: ".*" } },
  ])("may not say %j", (more) => {
    expect(read(more).success).toBe(false);
  });
});
