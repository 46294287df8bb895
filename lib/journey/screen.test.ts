import { describe, expect, test } from "vitest";
import { progress, type Screen } from "./screen.ts";
import { firstStatus } from "./transition.ts";

const on = { bank: "Northwind Bank", handle: "h", formToken: "t", version: "v", secondsLeft: 1140 };
const signIn = firstStatus({
  name: "Northwind Bank",
  firstChallenge: { kind: "credentials", prompt: {} },
}).content;
const verify = {
  ...signIn,
  challenge: { kind: "one-time-code", prompt: { channel: "sms", destination: "1", length: 6 } },
} as typeof signIn;
const finished = {
  ...on,
  type: "finished",
  reason: null,
  deliveryStatus: "delivered",
  retrySeconds: null,
  returnUrl: "https://x.sage.com/",
  reference: "r",
} as const;

describe("the step indicator", () => {
  test.each<[string, Screen, string]>([
    [
      "the first challenge",
      { ...on, type: "challenge", reference: "x", content: signIn },
      "current coming coming",
    ],
    [
      "waiting for the bank at the first challenge",
      { ...on, type: "working", waitedSeconds: 0, content: signIn },
      "current coming coming",
    ],
    [
      "a second challenge",
      { ...on, type: "challenge", reference: "x", content: verify },
      "done current coming",
    ],
    [
      "waiting for the bank at a second one",
      { ...on, type: "working", waitedSeconds: 0, content: verify },
      "done current coming",
    ],
    ["telling Sage", { ...on, type: "finishing", succeeded: true }, "done done current"],
    ["a success", { ...finished, result: "authorised" }, "done done current"],
  ])("says where the person is: %s", (_, screen, expected) => {
    expect(
      progress(screen)
        .map(({ status }) => status)
        .join(" "),
    ).toBe(expected);
  });
  test.each(["refused", "cancelled", "expired", "failed"] as const)(
    "is not there after %s, since what is left will not come",
    (result) => {
      expect(progress({ ...finished, result })).toEqual([]);
    },
  );
});
