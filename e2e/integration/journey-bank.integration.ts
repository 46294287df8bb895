import { randomBytes } from "node:crypto";
import { describe, expect, test, vi } from "vitest";
import { z } from "zod";
import type { BankResult } from "../../lib/banks/bank-adapter.ts";
import { maxMedia } from "../../lib/challenges/media.ts";
import { asPicture } from "../../lib/challenges/samples/png.ts";
import { scene } from "../../lib/challenges/samples/scenes.ts";
import { sql } from "../../lib/db/db.ts";
import { RemoteFault } from "../../lib/http/http.ts";
import {
  bank,
  real,
  services,
  code,
  authorised,
  signIn,
  enter,
  post,
  see,
  type Open,
  open,
  outcomeOf,
  patchesOf,
} from "../../testing/journey.ts";

const picture = asPicture(scene("boat"), "A boat");
const svg = Buffer.from(
  '<svg xmlns="http://www.w3.org/2000/svg" width="5" height="4"><script>alert(1)</script></svg>',
).toString("base64");
const pictureResult = (
  changes: object = {},
  more: object = {},
): Extract<BankResult, { type: "challenge" }> => ({
  type: "challenge",
  challenge: {
    kind: "picture-code",
    prompt: {
      purpose: "scan",
      picture: { ...picture, ...changes },
      expiresInSeconds: 60,
      reply: { characters: "digits", length: 6 },
      ...more,
    },
  },
  state: null,
  otherWay: false,
});
/** Bytes that nothing makes smaller, as the rest of a step may be. */
const randomSound = () =>
  Buffer.concat([Buffer.from("ID3"), randomBytes((maxMedia / 4) * 3 - 3)]).toString("base64");

describe("a bank that", () => {
  test("is away brings the step back with the problem, and takes the next answer", async () => {
    bank.start.mockRejectedValueOnce(new RemoteFault("network")).mockResolvedValueOnce(authorised);
    const { screen } = await enter();
    const again = open(await see(await post(screen, signIn)));
    expect(again).toMatchObject({
      type: "challenge",
      content: { pageProblem: "bank-away", fields: { username: "ada" } },
    });
    expect(await see(await post(again, signIn))).toMatchObject({ result: "authorised" });
  });
  test.each([
    ["throws", () => Promise.reject(new TypeError("secret-word"))],
    ["answers nonsense", () => Promise.resolve({ type: "maybe" } as never)],
    ["answers nothing", () => Promise.resolve(undefined as never)],
    [
      "shows a prompt of the wrong shape",
      () =>
        Promise.resolve({
          type: "challenge",
          challenge: { kind: "one-time-code", prompt: { length: "six" } },
        } as never),
    ],
    [
      "hands over SVG with script for a picture",
      () => Promise.resolve(pictureResult({ mediaType: "image/svg+xml", base64: svg }) as never),
    ],
    [
      "hands over SVG with script under the name of a PNG",
      () => Promise.resolve(pictureResult({ base64: svg })),
    ],
    [
      "hands over a picture that ends early",
      () => Promise.resolve(pictureResult({ base64: picture.base64.slice(0, 60) })),
    ],
    [
      "hands over a picture that is too large",
      () => Promise.resolve(pictureResult({ base64: Buffer.alloc(400_000).toString("base64") })),
    ],
    [
      "hands over a picture without words for it",
      () => Promise.resolve(pictureResult({ alt: "" })),
    ],
  ])("%s ends the journey truthfully", async (_, does) => {
    bank.start.mockImplementation(does);
    const { authorisationId, screen } = await enter();
    expect(await see(await post(screen, signIn))).toMatchObject({
      type: "finished",
      result: "failed",
      reason: "unexpected",
      reference: authorisationId,
    });
  });
  test("asks for something we have no screen for ends with that reason", async () => {
    bank.start.mockResolvedValue({
      type: "challenge",
      challenge: { kind: "riddle", prompt: {} },
    } as never);
    const { screen } = await enter();
    expect(await see(await post(screen, signIn))).toMatchObject({
      result: "failed",
      reason: "unknown-challenge",
    });
  });
  test("thinks longer than a request waits shows the working screen, and the next one when it is done", async () => {
    let answer: (result: BankResult) => void = () => undefined;
    bank.start.mockReturnValue(new Promise((resolve) => (answer = resolve)));
    const { screen } = await enter();
    const working = open(await see(await post(screen, signIn)));
    expect(working.type).toBe("working");
    expect(await see(await post(working, { action: "check" }))).toMatchObject({
      type: "working",
    });
    answer(authorised);
    await vi.waitFor(
      async () =>
        expect((await services.showStep(working.handle)).screen).toMatchObject({
          type: "finished",
          result: "authorised",
        }),
      { timeout: 10_000 },
    );
  });
  test("never answers brings the step back after its deadline; what it says later is dropped", async () => {
    let answer: (result: BankResult) => void = () => undefined;
    bank.start.mockReturnValue(new Promise((resolve) => (answer = resolve)));
    const { authorisationId, screen } = await enter();
    const working = open(await see(await post(screen, signIn)));
    await real.db.rows(
      z.unknown(),
      sql`UPDATE sessions SET bank_deadline_at = now() - interval '1 second'
        WHERE authorisation_id = ${authorisationId}::uuid RETURNING 1`,
    );
    const { screen: again } = await services.showStep(working.handle);
    expect(again).toMatchObject({ type: "challenge", content: { pageProblem: "bank-away" } });
    answer(authorised);
    await services.settled();
    expect((await services.showStep(working.handle)).screen).toEqual({
      ...again,
      formToken: expect.any(String),
      secondsLeft: expect.any(Number),
    });
    expect(await outcomeOf(authorisationId)).toBeNull();
    expect(bank.start).toHaveBeenCalledTimes(1);
  });
  test("answers after the person cancelled changes nothing", async () => {
    let answer: (result: BankResult) => void = () => undefined;
    bank.start.mockReturnValue(new Promise((resolve) => (answer = resolve)));
    const { authorisationId, screen } = await enter();
    const working = open(await see(await post(screen, signIn)));
    expect(await see(await post(working, { action: "cancel" }))).toMatchObject({
      result: "cancelled",
    });
    answer(authorised);
    await services.settled();
    expect(await outcomeOf(authorisationId)).toMatchObject({ state: "not_required" });
    expect(await patchesOf(authorisationId)).toEqual([]);
  });
});

describe("a lock of the bank’s", () => {
  test("says when it ends, by the database’s clock", async () => {
    bank.start.mockResolvedValue({ type: "refused", reason: "locked", retryAfterSeconds: 1800 });
    const { screen } = await enter();
    const last = await see(await post(screen, signIn));
    if (last.type !== "finished") throw new Error(last.type);
    expect(last.retrySeconds).toBeGreaterThan(1700);
    expect(last.retrySeconds).toBeLessThanOrEqual(1800);
  });
});

describe("a bank that never has enough", () => {
  test("is not followed for ever", async () => {
    bank.start.mockResolvedValue({ type: "challenge", challenge: code, state: null });
    bank.answer.mockResolvedValue({
      type: "challenge",
      challenge: code,
      state: null,
      problem: "expired",
    });
    const { screen } = await enter();
    let now = await see(await post(screen, signIn));
    for (let round = 0; round < 100 && now.type === "challenge"; round++)
      now = await see(await post(now, { code: "000000" }));
    expect(now).toMatchObject({ type: "finished", result: "failed", reason: "too-many-steps" });
    expect(bank.answer.mock.calls.length).toBeLessThan(70);
  });
});

describe("a picture of the bank’s", () => {
  const look = async ({ handle }: Open) => (await services.showStep(handle, { poll: true })).screen;
  const shown = async () => {
    bank.start.mockResolvedValue(pictureResult());
    return open(await see(await post((await enter()).screen, signIn)));
  };
  const again = { ...pictureResult({ alt: "another picture" }), state: 2 } as const;

  test("that ran out is replaced when the bank says so, and the new one says that it is new", async () => {
    bank.poll.mockResolvedValue({ ...again, notice: "refreshed" });
    const screen = await shown();
    const replaced = open(await look(screen));
    expect(replaced).toMatchObject({
      content: {
        challenge: { prompt: { picture: { alt: "another picture" } } },
        notice: "refreshed",
        problems: [],
      },
    });
    expect(replaced.version).not.toBe(screen.version);
  });
  test("that ran out while the reply was on its way takes no reply for wrong: it says so and shows a new one", async () => {
    bank.answer.mockResolvedValue({ ...again, problem: "expired" });
    expect(await see(await post(await shown(), { reply: "123456" }))).toMatchObject({
      content: {
        challenge: { prompt: { picture: { alt: "another picture" } } },
        problems: [{ field: "reply", message: { key: "picture-code.expired" } }],
      },
    });
  });
  test("that was replaced in between takes no reply any more: the bank is not asked, and the person sees the new one", async () => {
    bank.poll.mockResolvedValue({ ...again, notice: "refreshed" });
    const screen = await shown();
    const replaced = await look(screen);
    expect(await see(await post(screen, { reply: "123456" }))).toEqual({
      ...replaced,
      formToken: expect.any(String),
    });
    expect(bank.answer).not.toHaveBeenCalled();
  });
  test("is replaced when the person asks for it, and a reply is no longer needed", async () => {
    bank.answer.mockResolvedValue({ ...again, notice: "refreshed" });
    expect(await see(await post(await shown(), { action: "refresh" }))).toMatchObject({
      content: { notice: "refreshed" },
    });
    expect(bank.answer).toHaveBeenCalledWith(
      expect.objectContaining({ answer: { kind: "picture-code", value: { refresh: true } } }),
      expect.anything(),
    );
  });
  test("is kept with a sound that is as large as one may be", async () => {
    const large = randomSound();
    bank.start.mockResolvedValue(
      pictureResult({}, { sound: { mediaType: "audio/mpeg", base64: large } }),
    );
    const { screen } = await enter();
    expect(await see(await post(screen, signIn))).toMatchObject({
      content: { challenge: { prompt: { sound: { base64: large } } } },
    });
  });
});

describe("what a bank asks first", () => {
  const asks = (name: string) =>
    ({
      name: "Test Bank",
      firstChallenge: {
        kind: "credentials",
        prompt: { fields: [{ name, label: name, type: "text" }] },
      },
    }) as const;
  const answered = (name: string) =>
    expect(bank.start).toHaveBeenCalledWith(
      expect.objectContaining({ answer: { kind: "credentials", value: { [name]: "48151623" } } }),
      expect.anything(),
    );

  test("is what was on the screen, whatever the replica that gets the answer has heard since", async () => {
    const describing = vi.spyOn(bank, "describe").mockReturnValue(asks("customer"));
    const { screen } = await enter();
    describing.mockReturnValue(asks("contract"));
    bank.start.mockResolvedValue(authorised);
    const missing = open(await see(await post(screen, { action: "continue" })));
    expect(missing).toMatchObject({ content: { problems: [{ field: "field-customer" }] } });
    expect(
      await see(await post(missing, { "field-customer": "48151623", action: "continue" })),
    ).toMatchObject({ result: "authorised" });
    answered("customer");
  });
  test("is waited for, but not long", async () => {
    const describing = vi.spyOn(bank, "describe").mockReturnValue(asks("old"));
    const prepare = vi.fn(async () => void describing.mockReturnValue(asks("new") as never));
    Object.assign(bank, { prepare });
    try {
      expect((await enter()).screen.content.challenge).toMatchObject({
        prompt: { fields: [{ name: "new" }] },
      });
      prepare.mockReturnValue(new Promise(() => undefined));
      expect((await enter()).screen.content.challenge).toMatchObject({
        prompt: { fields: [{ name: "new" }] },
      });
    } finally {
      Object.assign(bank, { prepare: undefined });
    }
  });
});
