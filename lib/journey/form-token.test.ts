import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createSeals } from "../crypto/seal.ts";
import { formToken, openFormToken } from "./form-token.ts";

const key = () => new Uint8Array(randomBytes(32));
const [older, newer] = [key(), key()];
const seals = createSeals([older]);
const handle = "h".repeat(43);

describe("the form of a screen", () => {
  test("names its step, and leads to the same session handle every time it is posted", () => {
    const token = formToken(seals, handle, 7);
    const form = openFormToken(seals, handle, token);
    expect(form).toEqual({ step: 7, nextHandle: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/) });
    expect(openFormToken(seals, handle, token)).toEqual(form);
  });
  test("leads to another handle than another rendering of the same screen, and than its own address", () => {
    const next = () => openFormToken(seals, handle, formToken(seals, handle, 7))?.nextHandle;
    const renderings = Array.from({ length: 50 }, next);
    expect(new Set([...renderings, handle]).size).toBe(51);
  });
  test("still leads to the same handle after a key was put in front of the one that signed it", () => {
    const token = formToken(seals, handle, 7);
    expect(openFormToken(createSeals([newer, older]), handle, token)).toEqual(
      openFormToken(seals, handle, token),
    );
  });
  test("holds 256 random bits", () => {
    const nonces = Array.from({ length: 50 }, () => formToken(seals, handle, 1).split(".")[1]);
    expect(new Set(nonces).size).toBe(50);
    for (const nonce of nonces) expect(Buffer.from(nonce ?? "", "base64url")).toHaveLength(32);
  });
  test.each([
    ["another session", formToken(seals, "other", 7)],
    ["another step", formToken(seals, handle, 7).replace("7.", "8.")],
    ["a number written otherwise", formToken(seals, handle, 7).replace("7.", "07.")],
    ["another key", formToken(createSeals([key()]), handle, 7)],
    ["nothing", ""],
  ])("is refused with the token of %s", (_, token) => {
    expect(openFormToken(seals, handle, token)).toBeUndefined();
  });
  test.each([
    "",
    ".",
    "..",
    "...",
    "7",
    "7.",
    "7..",
    ".x.y",
    "-1.x.y",
    "7.x.y",
    "7.x.y.z",
    "1234567.x.y",
    " 7.x.y",
    "7.x.y\n",
    "x7.x.y",
  ])("is not “%s”", (garbage) => {
    expect(openFormToken(seals, handle, garbage)).toBeUndefined();
  });
  test("is refused with anything before, behind or instead of its parts", () => {
    const token = formToken(seals, handle, 12);
    const [step, nonce, mac] = token.split(".");
    const others = [
      `x${token}`,
      `${token}=`,
      `${token}.`,
      `${token} `,
      `0${token}`,
      `1${token}`,
      `${step}.${nonce}.`,
      `${step}..${mac}`,
      `.${nonce}.${mac}`,
      `13.${nonce}.${mac}`,
      `${step}.${nonce}.${mac?.slice(1)}`,
      `${step}.${nonce}x.${mac}`,
    ];
    for (const other of others) expect(openFormToken(seals, handle, other), other).toBeUndefined();
    expect(openFormToken(seals, handle, token)?.step).toBe(12);
  });
});

// While replicas of two releases run, the form of one is posted to the other.
test("tokens and handles are the same in every release", () => {
  const fixed = createSeals([new Uint8Array(32)]);
  const nonce = "n".repeat(43);
  const token = `7.${nonce}.U91yLep5-QA7nRQfG6FdnOhaympGoObqcRuWBgTvNxo`;
  expect(openFormToken(fixed, "handle", token)).toEqual({
    step: 7,
    nextHandle: "u2K8B1vCpz8n-lzbxxIaWS7jOA369OCjePfOjxt9RUE",
  });
});
