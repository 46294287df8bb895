import { inflateSync } from "node:zlib";
import decodeQR from "qr/decode.js";
import { describe, expect, test } from "vitest";
import type { Answer, Challenge } from "../../challenges/index.ts";
import { systemClock } from "../../clock/clock.ts";
import { pollSchema, type AdapterState, bankResultSchema } from "../bank-adapter.ts";
import { createSandboxBank } from "./sandbox-bank.ts";
import { sandboxPassword } from "./users.ts";

const call = { signal: new AbortController().signal };
const base = {
  bankId: null,
  externalId: "account",
  locale: "en-GB",
  returnAddress: "https://connector.example/authrefresh/return?state=x",
};
type PictureCode = Extract<Challenge, { kind: "picture-code" }>;

/** Somebody who signed in and is shown a picture, in front of a bank whose clock is set by hand. */
async function shownPicture(username: string) {
  let ms = Date.UTC(2026, 10, 22);
  const bank = createSandboxBank({
    clock: { ...systemClock, now: () => new Date(ms) },
    publicUrl: "http://localhost:3000",
  });
  const first = bankResultSchema.parse(
    await bank.start(
      { ...base, answer: { kind: "credentials", value: { username, password: sandboxPassword } } },
      call,
    ),
  );
  if (first.type !== "challenge") throw new Error("nothing was asked");
  let pending: { challenge: Challenge; state: AdapterState } = first;
  const said = <Result extends { type: string }>(result: Result) => {
    if (result.type === "challenge") pending = result as unknown as typeof pending;
    return result;
  };
  return {
    prompt: () => (pending.challenge as PictureCode).prompt,
    pass: (seconds: number) => (ms += seconds * 1000),
    reply: async (value: Extract<Answer, { kind: "picture-code" }>["value"]) =>
      said(
        bankResultSchema.parse(
          await bank.answer({ ...base, ...pending, answer: { kind: "picture-code", value } }, call),
        ),
      ),
    otherWay: async () =>
      said(
        bankResultSchema.parse(
          await bank.answer({ ...base, ...pending, answer: { kind: "other-way" } }, call),
        ),
      ),
    poll: async () => said(pollSchema.parse(await bank.poll!({ ...base, ...pending }, call))),
  };
}

/** The pixels of a PNG as our encoder writes it: palette, no filter, one IDAT. */
function pixelsOf(base64: string) {
  const png = Buffer.from(base64, "base64");
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const part = (type: string) => {
    const at = png.indexOf(type);
    return png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4));
  };
  const [palette, rows] = [part("PLTE"), inflateSync(part("IDAT"))];
  const data = Array.from({ length: width * height }, (_, at) => [
    ...palette.subarray((rows[at + Math.floor(at / width) + 1] ?? 0) * 3).subarray(0, 3),
    255,
  ]);
  return { width, height, data: Uint8Array.from(data.flat()) };
}

describe("user_photo", () => {
  test("is shown a picture that a phone can scan, and the same data to type", async () => {
    const { prompt } = await shownPicture("user_photo");
    const { picture, instead } = prompt();
    expect(instead).toMatch(/^\d{4} \d{4}$/);
    expect(decodeQR(pixelsOf(picture.base64))).toBe(
      `Northwind Bank, request ${instead}: your code is 123456`,
    );
  });
  test("goes on with the code, and not with another one", async () => {
    const journey = await shownPicture("user_photo");
    const before = journey.prompt();
    expect(await journey.reply({ reply: "654321" })).toMatchObject({
      type: "challenge",
      problem: "wrong",
    });
    expect(journey.prompt()).toEqual(before);
    expect(await journey.reply({ reply: "123456" })).toMatchObject({ type: "authorised" });
  });
  test("gets another picture when asked for one", async () => {
    const journey = await shownPicture("user_photo");
    const before = journey.prompt();
    journey.pass(0.001);
    expect(await journey.reply({ refresh: true })).toMatchObject({
      type: "challenge",
      notice: "refreshed",
    });
    expect(journey.prompt().picture).not.toEqual(before.picture);
    expect(journey.prompt().instead).not.toEqual(before.instead);
  });
  test.each(["123456", "654321"])(
    "is told that the picture ran out, never that the code %s is wrong, and gets another one",
    async (code) => {
      const journey = await shownPicture("user_photo");
      const before = journey.prompt();
      journey.pass(60);
      expect(await journey.reply({ reply: code })).toMatchObject({
        type: "challenge",
        problem: "expired",
      });
      expect(journey.prompt().picture).not.toEqual(before.picture);
      journey.pass(59);
      expect(await journey.reply({ reply: "123456" })).toMatchObject({ type: "authorised" });
    },
  );
  test("gets another picture by itself when one ran out, and none before", async () => {
    const journey = await shownPicture("user_photo");
    journey.pass(59);
    expect(await journey.poll()).toEqual({ type: "pending", pollSeconds: 1 });
    journey.pass(1);
    expect(await journey.poll()).toMatchObject({ type: "challenge", notice: "refreshed" });
    expect(await journey.poll()).toEqual({ type: "pending", pollSeconds: 60 });
  });
});

test.each(["user_photo", "user_captcha", "user_image"])(
  "%s can have a code by text message instead",
  async (username) => {
    const journey = await shownPicture(username);
    expect(await journey.otherWay()).toMatchObject({
      type: "challenge",
      challenge: { kind: "one-time-code" },
    });
  },
);

describe("user_captcha", () => {
  test("can look at the code or hear it", async () => {
    const { prompt } = await shownPicture("user_captcha");
    expect(prompt()).toMatchObject({
      purpose: "read",
      picture: { mediaType: "image/png" },
      sound: { mediaType: "audio/wav" },
    });
  });
  test("goes on with the code, and not with another one", async () => {
    const journey = await shownPicture("user_captcha");
    expect(await journey.reply({ reply: "999999" })).toMatchObject({
      type: "challenge",
      problem: "wrong",
    });
    expect(await journey.reply({ reply: "123456" })).toMatchObject({ type: "authorised" });
  });
  test("gets another picture of the code when asked for one, and it does not run out", async () => {
    const journey = await shownPicture("user_captcha");
    const before = journey.prompt();
    journey.pass(0.001);
    expect(await journey.reply({ refresh: true })).toMatchObject({
      type: "challenge",
      notice: "refreshed",
    });
    expect(journey.prompt().picture).not.toEqual(before.picture);
    journey.pass(600);
    expect(await journey.reply({ reply: "123456" })).toMatchObject({ type: "authorised" });
  });
});
