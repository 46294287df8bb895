import { generateKeyPair } from "jose";
import { beforeAll, describe, expect, test } from "vitest";
import { type GoodToken, verifiedTokenCache } from "./verified-token-cache.ts";

let good: GoodToken;
beforeAll(async () => {
  good = {
    header: { alg: "RS256", kid: "k1" },
    key: (await generateKeyPair("RS256")).publicKey,
    untilMs: 1,
  };
});
const names = Array.from({ length: 100 }, (_, index) => `token-${index}`);

describe("a token that was verified", () => {
  test("is found again with what was true of it, and lends that to no other", () => {
    const tokens = verifiedTokenCache();
    const later = { ...good, untilMs: 2 };
    tokens.add("one", good);
    tokens.add("another", later);
    expect([tokens.find("one"), tokens.find("another")]).toEqual([good, later]);
    for (const other of ["", "on", "One", "one ", "oneanother"])
      expect(tokens.find(other)).toBeUndefined();
  });
  test("is known to the verifier that verified it alone", () => {
    verifiedTokenCache().add("one", good);
    expect(verifiedTokenCache().find("one")).toBeUndefined();
  });
  test("is one of a hundred at most: the next begins anew", () => {
    const tokens = verifiedTokenCache();
    for (const name of names) tokens.add(name, good);
    expect(names.filter((name) => tokens.find(name) === good)).toHaveLength(100);
    tokens.add("the next", good);
    expect(tokens.find("the next")).toBe(good);
    expect(names.filter((name) => tokens.find(name))).toEqual([]);
  });
});
