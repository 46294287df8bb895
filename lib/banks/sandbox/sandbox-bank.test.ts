import { describe, expect, test } from "vitest";
import { type Answer, challengeKinds } from "../../challenges/index.ts";
import { systemClock } from "../../clock/clock.ts";
import { RemoteFault } from "../../http/http.ts";
import { testBankAdapter } from "../adapter-contract.ts";
import { bankResultSchema } from "../bank-adapter.ts";
import { createSandboxBank } from "./sandbox-bank.ts";
import { checks, scenarios } from "./scenarios.ts";
import { generalUsers, sandboxPassword } from "./users.ts";

const adapter = createSandboxBank({ clock: systemClock, publicUrl: "http://localhost:3000" });
const signIn = (username: string, password = sandboxPassword): Answer => ({
  kind: "credentials",
  value: { username, password },
});
const call = { signal: new AbortController().signal };
const base = {
  bankId: null,
  externalId: "account",
  locale: "en-GB",
  returnAddress: "https://connector.example/authrefresh/return?state=x",
};

testBankAdapter("the sandbox bank", {
  adapter,
  good: signIn("user_good"),
  wrong: signIn("user_good", "not the password"),
  otherAccount: signIn("user_wrong_account"),
  slow: signIn("user_slow"),
});

test("no two kinds have a user or a check of one name, and every check that is named is there", () => {
  const users = [generalUsers, ...challengeKinds.map(({ sandbox }) => sandbox.users)];
  expect(users.flatMap((some) => Object.keys(some)).toSorted()).toEqual(
    Object.keys(scenarios).toSorted(),
  );
  expect(challengeKinds.flatMap(({ sandbox }) => Object.keys(sandbox.checks)).toSorted()).toEqual(
    Object.keys(checks).toSorted(),
  );
  const named = [
    ...Object.values(scenarios).flatMap((scenario) => scenario.checks),
    ...Object.values(checks).flatMap(({ otherWay }) => otherWay ?? []),
  ];
  expect(named.filter((name) => !Object.hasOwn(checks, name))).toEqual([]);
});

test.each(challengeKinds)(
  "$kind can be tried in the sandbox, by a user of its own",
  ({ sandbox }) => {
    const users = Object.values<{ checks: readonly string[] }>(sandbox.users);
    const asked = users.flatMap((user) => user.checks);
    expect(asked.some((name) => Object.hasOwn(sandbox.checks, name))).toBe(true);
  },
);

// A check that judges by itself has its journey below.
test.each(
  Object.entries(scenarios).filter(
    ([
      ,
      {
        checks: [name = "", ...more],
      },
    ]) => more.length === 0 && checks[name]?.right !== undefined,
  ),
)(
  "%s gets through with what is right, and is asked again after anything else",
  async (user, { checks: [name = ""] }) => {
    const { kind, right } = checks[name]!;
    expect(await through(user, [{ kind, value: right } as Answer])).toMatchObject({
      type: "authorised",
    });
    expect(
      await through(user, [{ kind, value: { not: "right" } } as unknown as Answer]),
    ).toMatchObject({ type: "challenge", problem: "wrong" });
  },
);

describe("the sandbox users", () => {
  test.each(["constructor", "__proto__", "toString", "nobody", ""])(
    "does not know %j",
    async (username) => {
      expect(await adapter.start({ ...base, answer: signIn(username) }, call)).toMatchObject({
        type: "challenge",
        problem: "wrong",
      });
    },
  );
  test.each(
    Object.entries(scenarios).flatMap(([username, { refusal }]) =>
      refusal ? [[username, refusal]] : [],
    ),
  )("%s is refused: %s", async (username, reason) => {
    expect(await adapter.start({ ...base, answer: signIn(username ?? "") }, call)).toMatchObject({
      type: "refused",
      reason,
    });
  });
  test("user_down meets a bank that is away", async () => {
    await expect(
      adapter.start({ ...base, answer: signIn("user_down") }, call),
    ).rejects.toBeInstanceOf(RemoteFault);
  });
  test("user_hangs waits until the caller has no more time", async () => {
    const over = new AbortController();
    const answer = adapter.start(
      { ...base, answer: signIn("user_hangs") },
      { signal: over.signal },
    );
    over.abort();
    await expect(answer).rejects.toBeInstanceOf(RemoteFault);
  });
  test("user_nonsense is answered what no bank may answer", async () => {
    expect(
      bankResultSchema.safeParse(
        await adapter.start({ ...base, answer: signIn("user_nonsense") }, call),
      ).success,
    ).toBe(false);
  });
  test("user_broken meets a bug, which is no fault of a bank", async () => {
    await expect(
      adapter.start({ ...base, answer: signIn("user_broken") }, call),
    ).rejects.not.toBeInstanceOf(RemoteFault);
  });
  test("a new code is sent on demand, but not twice within half a minute", async () => {
    const again: Answer = { kind: "one-time-code", value: { sendAgain: true } };
    expect(await through("user_sms", [again])).toMatchObject({
      type: "challenge",
      notice: "sent-again",
    });
    expect(await through("user_sms", [again, again])).toMatchObject({
      type: "challenge",
      notice: "wait",
      waitSeconds: 30,
    });
  });
});

const code = (value = "123456"): Answer => ({ kind: "one-time-code", value: { code: value } });
const fields = (pin: string): Answer => ({
  kind: "credentials",
  value: { "customer-number": "48151623", pin },
});
const method = (id: string): Answer => ({ kind: "method-choice", value: { method: id } });
const questions = (...answers: { id: string; text: string }[]): Answer => ({
  kind: "security-questions",
  value: { answers },
});
const characters = (word: string): Answer => ({
  kind: "memorable-characters",
  value: {
    characters: [2, 5, 7].map((position, index) => ({ position, character: word[index] ?? "" })),
  },
});
const [car, pet] = [
  { id: "car", text: " Blue " },
  { id: "pet", text: "ROVER" },
];

/**
 * The answers that lead a user through, one after the other, and one that the last check does not
 * take.
 */
const journeys: readonly [username: string, right: readonly Answer[], wrong: Answer][] = [
  ["user_sms", [code()], code("654321")],
  ["user_email", [code()], code("654321")],
  ["user_totp", [code()], code("654321")],
  ["user_card_reader", [code("12345678")], code("123456")],
  ["user_device", [method("sms"), code()], code("654321")],
  ["user_device", [method("email"), code()], code("654321")],
  ["user_device", [method("app"), code()], code("654321")],
  ["user_questions", [questions(car, pet)], questions(car, { id: "pet", text: "blue" })],
  ["user_two_rounds", [code(), questions(car)], questions({ id: "car", text: "red" })],
  ["user_memorable", [characters("aPp")], characters("sap")],
  ["user_fields", [fields("2468")], fields("1111")],
];

/** Gives answers one after the other. @returns the last result. */
async function through(username: string, answers: readonly Answer[]) {
  let result: Awaited<ReturnType<typeof adapter.start>> = await adapter.start(
    { ...base, answer: signIn(username) },
    call,
  );
  for (const answer of answers) {
    if (result.type !== "challenge") throw new Error(`nothing was asked: ${result.type}`);
    result = await adapter.answer(
      { ...base, challenge: result.challenge, state: result.state ?? null, answer },
      call,
    );
  }
  return result;
}

describe.each(journeys)("%s", (username, right, wrong) => {
  const beforeLast = right.slice(0, -1);
  test("gets through with the right answers", async () => {
    expect(await through(username, right)).toMatchObject({ type: "authorised" });
  });
  test("is asked the same again after a wrong one, and gets through then", async () => {
    const asked = await through(username, beforeLast);
    const again = await through(username, [...beforeLast, wrong]);
    expect(again).toMatchObject({
      type: "challenge",
      problem: "wrong",
      ...(asked.type === "challenge" ? { challenge: asked.challenge } : {}),
    });
    expect(await through(username, [...beforeLast, wrong, ...right.slice(-1)])).toMatchObject({
      type: "authorised",
    });
  });
  test("is told of the last try, and locked after it", async () => {
    expect(
      await through(username, [...beforeLast, ...Array.from({ length: 4 }, () => wrong)]),
    ).toMatchObject({ type: "challenge", triesLeft: 1 });
    expect(
      await through(username, [...beforeLast, ...Array.from({ length: 5 }, () => wrong)]),
    ).toMatchObject({ type: "refused", reason: "locked" });
  });
});

describe("the ways of user_device", () => {
  test("lead back to the choice", async () => {
    expect(await through("user_device", [method("sms"), { kind: "other-way" }])).toMatchObject({
      type: "challenge",
      challenge: { kind: "method-choice" },
    });
    expect(
      await through("user_device", [method("sms"), { kind: "other-way" }, method("app")]),
    ).toMatchObject({ challenge: { prompt: { channel: "app" } }, otherWay: true });
  });
  test("are asked for again when there is no such way", async () => {
    expect(await through("user_device", [method("telepathy")])).toMatchObject({
      type: "challenge",
      problem: "wrong",
      challenge: { kind: "method-choice" },
    });
  });
});

test("user_message goes on once the message was read", async () => {
  expect(await through("user_message", [{ kind: "message", value: { read: true } }])).toMatchObject(
    { type: "authorised" },
  );
});

test("user_memorable can approve in the app instead, which asks for no memory (WCAG 3.3.8)", async () => {
  expect(await through("user_memorable", [])).toMatchObject({
    challenge: { prompt: { positions: [2, 5, 7], length: 9 } },
    otherWay: true,
  });
  expect(await through("user_memorable", [{ kind: "other-way" }])).toMatchObject({
    type: "challenge",
    challenge: { kind: "approval" },
  });
});

test.each([
  ["user_sms", true],
  ["user_email", true],
  ["user_totp", undefined],
  ["user_card_reader", undefined],
])("%s can ask for a new code: %j", async (username, sendAgain) => {
  const result = await through(username, []);
  expect(
    result.type === "challenge" &&
      result.challenge.kind === "one-time-code" &&
      "sendAgain" in result.challenge.prompt
      ? result.challenge.prompt.sendAgain
      : undefined,
  ).toBe(sendAgain);
});

test("a connection is granted at the end, and is undone by the same id from the first question on", async () => {
  const undone: string[] = [];
  const bank = createSandboxBank({
    clock: systemClock,
    publicUrl: "http://localhost:3000",
    onUndo: (connection) => undone.push(connection),
  });
  const asked = bankResultSchema.parse(
    await bank.start({ ...base, answer: signIn("user_totp") }, call),
  );
  if (asked.type !== "challenge") throw new Error(asked.type);
  const code = { kind: "one-time-code", value: { code: "123456" } } as const;
  const done = bankResultSchema.parse(await bank.answer({ ...base, ...asked, answer: code }, call));
  expect(done).toMatchObject({ grant: { connection: asked.undo?.id }, undo: asked.undo });
  if (asked.undo)
    await bank.undo?.({ bankId: null, externalId: "account", undo: asked.undo }, call);
  expect(undone).toEqual([asked.undo?.id]);
});
