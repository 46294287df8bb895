import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { conformance } from "./conformance.ts";
import { withDatabase } from "./kit-database.ts";

const folder = mkdtempSync(path.join(tmpdir(), "conformance-codes-"));
afterAll(() => rmSync(folder, { recursive: true }));
const fileOf = (name: string, content: string) => {
  writeFileSync(path.join(folder, name), content);
  return path.join(folder, name);
};

// On a database that the kit makes for itself (kit-database.ts).
test("connect codes meet every case: each works once, for the accounts it was made for, and none is made for strangers", async () => {
  const keyFile = fileOf("key", "k".repeat(32));
  const madeCode = (...accounts: string[]) => [{ kind: "made-code", keyFile, accounts }];
  const testUsers = {
    externalId: "the-account-asked-for",
    good: madeCode("savings", "the-account-asked-for"),
    wrong: { kind: "one-time-code", value: { code: "00000000" } },
    otherAccount: madeCode("another"),
  };
  const outcomes = await conformance({
    adapter: "connect-code",
    settingsFile: fileOf("settings.json", JSON.stringify({ keys: [keyFile] })),
    testUsersFile: fileOf("test-users.json", JSON.stringify(testUsers)),
    withDatabase,
  });
  expect(outcomes.filter(({ problem }) => problem !== undefined)).toEqual([]);
  expect(outcomes.filter(({ group }) => group === "made codes").length).toBeGreaterThan(15);
});
