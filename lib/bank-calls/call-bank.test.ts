import { describe, expect, it } from "vitest";
import { bankResultSchema } from "../banks/bank-adapter.ts";
import { type Clock, systemClock } from "../clock/clock.ts";
import { RemoteFault } from "../http/http.ts";
import type { Log } from "../log/log.ts";
import { bankTimeMs, callBank, type BankCallSession } from "./call-bank.ts";

const secret = "sw0rdfish of Ada";

/** One call of an adapter that does this. */
async function resultOf(adapter: (signal: AbortSignal) => unknown, clock: Clock = systemClock) {
  const logged: unknown[] = [];
  const note = (event: string, fields: unknown) =>
    void logged.push({ event, ...(fields as object) });
  const log: Log = { debug: note, info: note, warn: note, error: note };
  const session = {
    authorisationId: "a",
    request: { externalId: "account" },
  } as unknown as BankCallSession;
  const said = await callBank(session, async (_, { signal }) => adapter(signal), bankResultSchema, {
    clock,
    log,
  });
  expect(JSON.stringify([said, logged])).not.toContain(secret);
  return { said, logged };
}
const unexpected = { type: "bank-failed", reason: "unexpected" };

describe("an adapter that", () => {
  it("never answers is given up after 30 s and told so, and what it does later is nobody's", async () => {
    const waited: number[] = [];
    const clock: Clock = {
      ...systemClock,
      within: (ms, work) => (waited.push(ms), systemClock.within(1, work)),
    };
    let told: AbortSignal | undefined;
    let later: (error: Error) => void = () => undefined;
    const { said, logged } = await resultOf(
      (signal) => ((told = signal), new Promise((_, reject) => (later = reject))),
      clock,
    );
    expect([said, waited, told?.aborted]).toEqual([
      { type: "bank-away", unclear: true },
      [30_000],
      true,
    ]);
    expect(logged).toEqual([{ event: "bank away", authorisationId: "a", reason: "bank-timeout" }]);
    later(new Error(secret));
    await new Promise(setImmediate);
  });
  it("has 30 s, less than the step waits for it", () => expect(bankTimeMs).toBe(30_000));
  it("says that the bank is away may be asked again", async () => {
    const { said } = await resultOf(() =>
      Promise.reject(new RemoteFault("maintenance", { cause: new Error(secret) })),
    );
    expect(said).toEqual({ type: "bank-away" });
  });
  it.each([
    ["has run out of time by itself", "timeout", {}, true],
    ["has lost its connection", "network", {}, true],
    ["found no connection in time", "timeout", { neverSent: true }, undefined],
    ["found no connection", "network", { neverSent: true }, undefined],
    ["was answered 503", "bank-unavailable", { status: 503 }, undefined],
  ])(
    "%s: whether the bank may have judged the answer all the same",
    async (_, code, more, unclear) => {
      const { said } = await resultOf(() => Promise.reject(new RemoteFault(code, { ...more })));
      expect(said).toEqual({ type: "bank-away", ...(unclear ? { unclear } : {}) });
    },
  );
  it("says so in words of the bank's has them kept out of the log", async () => {
    const { said, logged } = await resultOf(() => Promise.reject(new RemoteFault(secret)));
    expect(said).toEqual({ type: "bank-away" });
    expect(logged).toEqual([{ event: "bank away", authorisationId: "a", reason: "unnamed" }]);
  });
  it.each<[string, () => unknown]>([
    [
      "throws at once",
      () => {
        throw new Error(secret);
      },
    ],
    ["rejects", () => Promise.reject(new TypeError(secret))],
    ["rejects with what is no error", () => Promise.reject(secret)],
    ["answers nothing", () => undefined],
    ["answers null", () => null],
    ["answers a text", () => secret],
    ["answers an unknown result", () => ({ type: secret })],
    [
      "answers more than a result has",
      () => ({ type: "authorised", accounts: [{ externalId: "account" }], note: secret }),
    ],
    ["refuses for a reason of its own", () => ({ type: "refused", reason: secret })],
    [
      "asks with a prompt of the wrong shape",
      () => ({
        type: "challenge",
        challenge: { kind: "one-time-code", prompt: { length: secret } },
      }),
    ],
  ])("%s has failed, and none of its words is logged", async (_, does) => {
    const { said, logged } = await resultOf(does);
    expect(said).toEqual(unexpected);
    expect(logged).toMatchObject([{ event: "bank adapter failed", authorisationId: "a" }]);
  });
  it("asks what we have no screen for has failed with that reason", async () => {
    expect(
      (await resultOf(() => ({ type: "challenge", challenge: { kind: "riddle", prompt: secret } })))
        .said,
    ).toEqual({ type: "bank-failed", reason: "unknown-challenge" });
  });
});
