import { describe, expect, test } from "vitest";
import { outcomeBody } from "./outcome.ts";

const asked = {
  externalId: "asked",
  name: "Business account",
  bankIdentifier: "200000",
  branchIdentifier: "01",
  accountIdentifier: "55779911",
  type: "CACC",
};
const ended = {
  result: "authorised",
  externalId: "asked",
  accounts: [{ externalId: "other", name: "Savings" }, asked, { ...asked, name: "Again" }],
} as const;
const settings = { failureStatus: undefined };
const askedAtSage = {
  bankAccountExternalId: "asked",
  accountName: "Business account",
  bankIdentifier: "200000",
  branchIdentifier: "01",
  accountIdentifier: "55779911",
};

describe("what Sage is told of a success", () => {
  test.each([
    ["omit", {}],
    ["empty", { bankAccounts: [] }],
    ["confirmed", { bankAccounts: [askedAtSage] }],
    [
      "all",
      {
        bankAccounts: [{ bankAccountExternalId: "other", accountName: "Savings" }, askedAtSage],
      },
    ],
  ] as const)("has the accounts that the setting says: %s", (bankAccounts, accounts) => {
    expect(outcomeBody(ended, { ...settings, bankAccounts })).toEqual({
      data: { status: "success", ...accounts },
    });
  });
});

test.each(["refused", "cancelled", "expired", "failed"] as const)(
  "an end that is no success tells no account: %s",
  (result) => {
    const bankAccounts = "all";
    expect(outcomeBody({ ...ended, result }, { ...settings, bankAccounts })).toBeNull();
    expect(outcomeBody({ ...ended, result }, { failureStatus: "failed", bankAccounts })).toEqual({
      data: { status: "failed" },
    });
  },
);
