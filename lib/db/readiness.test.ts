import { expect, test, vi } from "vitest";
import { createReadiness } from "./readiness.ts";

test("a problem of the database is logged once, and again after it was gone", async () => {
  const answers = [["a standby", "not migrated"], ["a standby"], [], ["a standby"]];
  const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  const ready = createReadiness({ db: { problems: async () => answers.shift() ?? [] }, log });
  expect([await ready(), await ready(), await ready(), await ready()]).toEqual([
    false,
    false,
    true,
    false,
  ]);
  expect(log.warn.mock.calls).toEqual(
    ["a standby", "not migrated", "a standby"].map((problem) => [
      "database not ready",
      { problem },
    ]),
  );
});
