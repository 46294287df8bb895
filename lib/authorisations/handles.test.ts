import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createSeals } from "../crypto/seal.ts";
import { handleDigest, openEntryToken, sealEntryToken } from "./handles.ts";

const seals = createSeals([randomBytes(32)]);
const parameters = {
  authorisationId: "00000000-0000-4000-8000-000000000001",
  bankAccount: "b",
  externalId: "e",
  redirectUri: "https://x.sage.com/",
  state: "s",
};

describe("an entry handle", () => {
  test("gives back every parameter as it was", async () => {
    expect(await openEntryToken(seals, await sealEntryToken(seals, parameters))).toEqual(
      parameters,
    );
    expect(
      await openEntryToken(
        seals,
        await sealEntryToken(seals, { ...parameters, bankAccount: null }),
      ),
    ).toEqual({ ...parameters, bankAccount: null });
  });
  test("is five parts, none of which shows a parameter", async () => {
    const handle = await sealEntryToken(seals, { ...parameters, externalId: "canary-account" });
    expect(handle.split(".")).toHaveLength(5);
    for (const part of handle.split("."))
      expect(Buffer.from(part, "base64url").toString("latin1")).not.toContain("canary");
  });
  test.each(["", "x", ".", "....", "a.b.c.d.e", "no-dots-in-it-like-a-session-handle"])(
    "is not “%s”",
    async (garbage) => expect(await openEntryToken(seals, garbage)).toBeUndefined(),
  );
  test("of another ring, or sealed for another purpose, does not open", async () => {
    expect(
      await openEntryToken(createSeals([randomBytes(32)]), await sealEntryToken(seals, parameters)),
    ).toBeUndefined();
    expect(
      await openEntryToken(seals, await seals.seal("bank-return", Object.values(parameters))),
    ).toBeUndefined();
  });
  test("with anything but the parameters in it does not open", async () => {
    for (const value of [
      "text",
      null,
      {},
      [],
      ["x"],
      ["not-a-uuid", "b", "e", "https://x.sage.com/", "s"],
    ])
      expect(await openEntryToken(seals, await seals.seal("entry-handle", value))).toBeUndefined();
  });
  test("with any one character changed does not open", async () => {
    const handle = await sealEntryToken(seals, parameters);
    for (let at = 0; at < handle.length; at += 1) {
      const other = handle[at] === "A" ? "B" : "A";
      expect(
        await openEntryToken(seals, handle.slice(0, at) + other + handle.slice(at + 1)),
      ).toBeUndefined();
    }
  });
});

test("a session handle is stored as its SHA-256", () => {
  expect(Buffer.from(handleDigest("abc")).toString("hex")).toBe(
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
});
