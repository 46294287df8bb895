import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createSeals } from "../crypto/seal.ts";
import { accountKeys, countOf } from "./attempt-keys.ts";

const [old, current] = [randomBytes(32), randomBytes(32)];
const before = createSeals([old]);
const during = createSeals([current, old]);
const account = { bankId: "bank", externalId: "account" };

describe("the keys of an account", () => {
  test("are 256 bits, the same each time, and say nothing of the account", () => {
    const { account: id, keys } = accountKeys(before, account);
    expect(id).toMatch(/^[\w-]{43}$/);
    expect(keys).toEqual([id]);
    expect(accountKeys(before, account)).toEqual({
      account: id,
      keys,
      ofAccount: keys,
      hasIdentifier: false,
    });
  });
  test("differ by account, bank and ring", () => {
    const ids = [
      account,
      { ...account, externalId: "other" },
      { ...account, bankId: "other" },
      { ...account, bankId: null },
    ].map((each) => accountKeys(before, each).account);
    expect(new Set([...ids, accountKeys(createSeals([current]), account).account]).size).toBe(5);
  });
  // One that changed would give everybody five more tries while replicas of two releases run.
  test("are the same in every release", () => {
    const ofAccount = "wAG0GiRCacbhNijPo_RJ2HuMICI91jjUSXYZC-8FxHo";
    const seals = createSeals([new Uint8Array(32)]);
    expect(accountKeys(seals, { bankId: "bank", externalId: "account", person: "ada" })).toEqual({
      account: ofAccount,
      keys: [
        ofAccount,
        "AhQdd23BxHqIGwTPmzisUN3ZLO54h4zy7KpTiGN1Xb0",
        "~PWg7xTwAzB1r5FOLRYFAAUzBwymZxU0hwkqX6ZAZ1so",
      ],
      ofAccount: [ofAccount],
      hasIdentifier: true,
    });
  });
  test("have one for the person, who is no account of the same name, and one for both together", () => {
    const { keys, hasIdentifier } = accountKeys(before, { ...account, person: "account" });
    expect(new Set(keys).size).toBe(3);
    expect(hasIdentifier).toBe(true);
    expect(keys[0]).toBe(accountKeys(before, account).account);
  });
  const ofPerson = (person: string) => accountKeys(before, { ...account, person });
  test("are the same for a person however the name is written", () => {
    expect(ofPerson("Adá-Example")).toEqual(ofPerson("adaexample"));
  });
  test("differ for other names, and a blank one is nobody’s", () => {
    expect(new Set(["ada", "ad", "ada1"].map((person) => ofPerson(person).keys[1])).size).toBe(3);
    expect(ofPerson(" \u00a0")).toEqual(accountKeys(before, account));
  });
  test("are the same for a name of several parts however each is written, and others where they are parted elsewhere", () => {
    const ofParts = (...person: string[]) => accountKeys(before, { ...account, person }).keys;
    expect(ofParts("K-1", "0042")).toEqual(ofParts("k1", "42"));
    expect(ofParts("K1", "42")).not.toEqual(ofParts("K14", "2"));
    expect(ofParts("", "")).toEqual(accountKeys(before, account).keys);
    expect(ofParts("", "42")).not.toEqual(ofParts("42", ""));
  });
  test("tell whose count each is", () => {
    const keys = accountKeys(during, { ...account, person: "ada" });
    expect(keys.keys.map((key) => countOf(key, keys))).toEqual([
      "account",
      "account",
      "person",
      "person",
      "pair",
      "pair",
    ]);
  });
  test("are those of every key of the ring, so that replicas in the middle of a rotation share one", () => {
    const keys = accountKeys(during, account).keys;
    expect(keys).toHaveLength(2);
    expect(keys).toContain(accountKeys(before, account).account);
    expect(accountKeys(during, account).account).not.toBe(accountKeys(before, account).account);
  });
});
