import { describe, expect, test } from "vitest";
import { createSecretCheck } from "./secret-check.ts";

describe("a secret", () => {
  const isLive = (given: string) => createSecretCheck(["the-old-one", "the-new-one"])(given);
  test.each(["the-old-one", "the-new-one"])(
    "is live while it is among those that are: %s",
    (given) => expect(isLive(given)).toBe(true),
  );
  test.each([
    "",
    "the-old-on",
    "the-old-one ",
    "The-Old-One",
    "the-old-onethe-new-one",
    "the-old-one,the-new-one",
    "x".repeat(100_000),
  ])("is no other text: “%s”", (given) => expect(isLive(given)).toBe(false));
  test("is nothing at all where none is live, not even an empty text", () =>
    expect(createSecretCheck([])("")).toBe(false));
});
