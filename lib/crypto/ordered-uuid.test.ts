import { expect, it } from "vitest";
import { z } from "zod";
import { orderedUuid } from "./ordered-uuid.ts";

it("is a UUID of version 7 that begins with its time", () => {
  const made = orderedUuid(new Date("2026-11-23T06:00:00.123Z"));
  expect(z.uuidv7().safeParse(made).success).toBe(true);
  expect(parseInt(made.replaceAll("-", "").slice(0, 12), 16)).toBe(
    Date.parse("2026-11-23T06:00:00.123Z"),
  );
});

it("stands after those made before, and is never the same", () => {
  const made = Array.from({ length: 1000 }, (_, index) =>
    orderedUuid(new Date(1_800_000_000_000 + index)),
  );
  expect(made.toSorted()).toEqual(made);
  expect(new Set(Array.from({ length: 1000 }, () => orderedUuid(new Date(0)))).size).toBe(1000);
});
