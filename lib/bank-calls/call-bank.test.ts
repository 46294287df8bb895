import { generateKeyPairSync } from "node:crypto";
import { compactDecrypt } from "jose";
import { describe, expect, it } from "vitest";
import { type Banks, bankResultSchema, type Undo } from "../banks/bank-adapter.ts";
import { createGrantEncryption } from "../banks/grant-key.ts";
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

describe("of what an adapter answers", () => {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const encrypt = createGrantEncryption(
    publicKey.export({ type: "spki", format: "pem" }).toString(),
  );
  const grants = () => ({ required: true, encrypt });
  const undo = { id: "consent 7", state: { consent: secret } };
  const other = { id: "consent 8", state: null };
  const success = { type: "authorised", accounts: [{ externalId: "account" }] };

  /** What callBank gives, with all that was logged meanwhile and what came after its end. */
  async function said(
    adapter: (mustUndo: (undo: Undo) => void) => unknown,
    { clock = systemClock, ...more }: { clock?: Clock; grants?: Banks["grants"] } = {},
  ) {
    const logged: object[] = [];
    const late: Undo[] = [];
    const note = (event: string, fields: unknown) =>
      void logged.push({ event, ...(fields as object) });
    const session = {
      authorisationId: "a",
      request: { bankId: "bank", externalId: "account" },
    } as unknown as BankCallSession;
    const given = await callBank(
      session,
      async (_, { mustUndo }) => adapter(mustUndo ?? expect.fail("nobody listens")),
      bankResultSchema,
      {
        clock,
        log: { debug: note, info: note, warn: note, error: note },
        storeUndo: (one) => void late.push(one),
        ...more,
      },
    );
    expect(JSON.stringify(logged)).not.toContain(secret);
    return { given, logged, late };
  }

  it("the grant leaves encrypted to the provider, and apart from the result", async () => {
    const { given } = await said(() => ({ ...success, grant: { token: secret } }), { grants });
    expect(given).toEqual({
      type: "bank-answered",
      result: success,
      externalId: "account",
      grant: expect.any(String) as string,
    });
    expect(JSON.stringify(given)).not.toContain(secret);
    const jwe = given.type === "bank-answered" ? given.grant : undefined;
    const { plaintext } = await compactDecrypt(jwe ?? "", privateKey);
    expect(JSON.parse(Buffer.from(plaintext).toString())).toEqual({ token: secret });
  });
  it.each([
    ["there is no key", { ...success, grant: { token: secret } }, undefined],
    ["it is null", { ...success, grant: null }, grants],
  ])("the grant is dropped where %s", async (_, result, key) => {
    const { given } = await said(() => result, key ? { grants: key } : {});
    expect(given).toEqual({ type: "bank-answered", result: success, externalId: "account" });
  });
  it("a grant that cannot be encrypted ends as a fault of ours, and what was given is undone", async () => {
    const { given, logged } = await said(() => ({ ...success, grant: { token: secret }, undo }), {
      grants: () => ({ required: true, encrypt: () => Promise.reject(new Error(secret)) }),
    });
    expect(given).toEqual({ ...unexpected, begun: [undo] });
    expect(logged).toMatchObject([{ event: "bank adapter failed" }]);
  });
  it("what undoes it is apart from the result, also of a question", async () => {
    const question = { type: "challenge", challenge: { kind: "credentials", prompt: {} } };
    for (const result of [success, question]) {
      const { given } = await said(() => ({ ...result, undo }));
      expect(given).toMatchObject({ type: "bank-answered", undo });
      expect(given).not.toHaveProperty("begun");
      expect(JSON.stringify("result" in given && given.result)).not.toContain("undo");
    }
  });
  it("what was begun besides is told with it, and once where the result repeats it", async () => {
    const { given } = await said(
      (mustUndo) => (mustUndo(other), mustUndo(undo), { ...success, undo }),
    );
    expect(given).toMatchObject({ type: "bank-answered", undo, begun: [other] });
  });
  it.each<[string, (mustUndo: (undo: Undo) => void) => unknown, object]>([
    [
      "throws",
      (mustUndo) => {
        mustUndo(undo);
        throw new TypeError(secret);
      },
      unexpected,
    ],
    [
      "has lost the bank",
      (mustUndo) => (mustUndo(undo), Promise.reject(new RemoteFault("bank-unavailable"))),
      { type: "bank-away" },
    ],
    ["answers what is no result", () => ({ type: secret, undo }), unexpected],
    [
      "asks what we have no screen for",
      () => ({ type: "challenge", challenge: { kind: "riddle" }, undo }),
      { type: "bank-failed", reason: "unknown-challenge" },
    ],
  ])("what was begun is not lost where the adapter then %s", async (_, adapter, expected) => {
    expect((await said(adapter)).given).toEqual({ ...expected, begun: [undo] });
  });
  it.each([
    ["grant-too-large", { grant: "x".repeat(8 * 1024 - 1), undo }, [undo]],
    ["grant-too-large", { grant: ["ü".repeat(4096)], undo }, [undo]],
    ["undo-too-large", { undo: { id: "x", state: "x".repeat(5000) } }, undefined],
  ])("too much ends as a fault of ours, and the log says %s", async (code, parts, begun) => {
    const { given, logged } = await said(() => ({ ...success, ...parts }), { grants });
    expect(given).toEqual({ ...unexpected, ...(begun ? { begun } : {}) });
    expect(logged).toMatchObject([{ event: "bank adapter failed", errorCode: code }]);
  });
  it("as much as is allowed is taken", async () => {
    const { given } = await said(() => ({ ...success, grant: "x".repeat(8 * 1024 - 2) }), {
      grants,
    });
    expect(given.type).toBe("bank-answered");
  });
  it("what it begins or answers after its time is over is undone all the same", async () => {
    const clock: Clock = { ...systemClock, within: (_, work) => systemClock.within(1, work) };
    let later: (result: unknown) => void = () => undefined;
    let tell: (undo: Undo) => void = () => undefined;
    const { given, late } = await said(
      (mustUndo) => ((tell = mustUndo), new Promise((resolve) => (later = resolve))),
      { clock },
    );
    expect(given).toEqual({ type: "bank-away", unclear: true });
    tell(other);
    later({ ...success, undo, grant: secret });
    await new Promise(setImmediate);
    expect(late).toEqual([other, undo]);
  });
});
