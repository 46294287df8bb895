import { describe, expect, test } from "vitest";
import type { RunningStatus } from "../authorisations/session.ts";
import type { BankResult } from "../banks/bank-adapter.ts";
import { firstStatus, transition, type WizardEvent } from "./transition.ts";

const externalId = "account-1";
const code = {
  kind: "one-time-code",
  prompt: { channel: "sms", destination: "•••• 123", length: 6 },
} as const;
const first = firstStatus({
  name: "Northwind Bank",
  firstChallenge: { kind: "credentials", prompt: {} },
});
const awaitingUser: RunningStatus = { ...first, step: 3 };
const awaitingBank: RunningStatus = {
  ...first,
  state: "awaiting_bank",
  step: 3,
  content: { ...first.content, fields: { username: "ada" } },
};

const answeredWith = (
  result: Extract<WizardEvent, { type: "bank-answered" }>["result"],
): WizardEvent => ({
  type: "bank-answered",
  result,
  externalId,
});
const fields = { username: "ada", password: "a secret", form_token: "x" };
const problems = [{ field: "password", message: { key: "credentials.password-missing" as const } }];

describe("from awaiting_user", () => {
  test("on a valid answer it awaits the bank, at the same step", () => {
    expect(transition(awaitingUser, { type: "answered", fields })).toMatchObject({
      state: "awaiting_bank",
      step: 3,
    });
  });
  test("on a misfilled form it asks again, one step on, with what is wrong", () => {
    expect(transition(awaitingUser, { type: "invalid", fields: fields, problems })).toMatchObject({
      state: "awaiting_user",
      step: 4,
      content: { problems },
    });
  });
  test.each(["answered", "invalid"] as const)(
    "on %s it keeps the user name and drops the password and the form token",
    (event) => {
      const next = transition(awaitingUser, { type: event, fields: fields, problems });
      expect(next).toMatchObject({ content: { fields: { username: "ada" } } });
      expect(JSON.stringify(next)).not.toContain("a secret");
      expect(JSON.stringify(next)).not.toContain("form_token");
    },
  );
  test("on another language it asks the same, at the same step, with what was typed but for the password", () => {
    const wrong: RunningStatus = {
      ...awaitingUser,
      content: { ...first.content, problems, triesLeft: 1, fields: { username: "eve" } },
    };
    expect(transition(wrong, { type: "locale-changed", fields })).toEqual({
      ...wrong,
      content: { ...wrong.content, fields: { username: "ada" } },
    });
  });
  test("an entry that is kept is cut to what a field takes", () => {
    const next = transition(awaitingUser, {
      type: "invalid",
      fields: { username: "u".repeat(5000) },
      problems,
    });
    expect(next).toMatchObject({ content: { fields: { username: "u".repeat(200) } } });
  });
  test.each(["bank-away", "bank-overdue"] as const)(
    "%s leads nowhere: no bank was asked",
    (event) => {
      expect(transition(awaitingUser, { type: event })).toBeUndefined();
    },
  );
  test("a bank turn leads nowhere: it is an answer to a step that has passed", () => {
    expect(
      transition(awaitingUser, answeredWith({ type: "authorised", accounts: [{ externalId }] })),
    ).toBeUndefined();
    expect(transition(awaitingUser, { type: "bank-failed", reason: "unexpected" })).toBeUndefined();
  });
});

test("from awaiting_user, on a way to the bank’s own page that cannot be had, it asks the same again and says that the bank is away", () => {
  expect(transition(awaitingUser, { type: "redirect-failed" })).toMatchObject({
    state: "awaiting_user",
    step: 4,
    content: { challenge: first.content.challenge, pageProblem: "bank-away" },
  });
});

describe("from awaiting_bank", () => {
  test("on a challenge it asks that, one step on, and remembers what the adapter must", () => {
    expect(
      transition(
        awaitingBank,
        answeredWith({ type: "challenge", otherWay: false, challenge: code, state: { sent: 1 } }),
      ),
    ).toEqual({
      state: "awaiting_user",
      step: 4,
      content: {
        challenge: code,
        adapterState: { sent: 1 },
        started: true,
        problems: [],
        pageProblem: null,
        triesLeft: null,
        notice: null,
        waitSeconds: null,
        otherWay: false,
        lang: null,
        fields: {},
      },
    });
  });
  test("on the same challenge with a problem it says what is wrong and keeps the user name", () => {
    const next = transition(
      awaitingBank,
      answeredWith({
        type: "challenge",
        otherWay: false,
        challenge: first.content.challenge,
        state: null,
        problem: "wrong",
      }),
    );
    expect(next).toMatchObject({
      content: {
        problems: [{ field: "username", message: { key: "credentials.wrong" } }],
        fields: { username: "ada" },
      },
    });
  });
  test("on another challenge the fields of the last one are gone", () => {
    expect(
      transition(
        awaitingBank,
        answeredWith({ type: "challenge", otherWay: false, challenge: code, state: null }),
      ),
    ).toMatchObject({ content: { fields: {} } });
  });
  test("on a new code sent it says so", () => {
    const next = transition(
      awaitingBank,
      answeredWith({
        type: "challenge",
        otherWay: false,
        challenge: code,
        state: null,
        notice: "sent-again",
      }),
    );
    expect(next).toMatchObject({ content: { notice: "sent-again", problems: [] } });
  });
  test("on success with the account among those shown it ends authorised", () => {
    expect(
      transition(
        awaitingBank,
        answeredWith({ type: "authorised", accounts: [{ externalId: "other" }, { externalId }] }),
      ),
    ).toEqual({
      state: "finished",
      step: 3,
      result: "authorised",
      reason: null,
      accounts: [{ externalId: "other" }, { externalId }],
    });
  });
  test("names up to ten accounts that the bank did not show, and counts the others", () => {
    const uncovered = [
      { name: "Payroll", ending: "1111" },
      { ending: "4321" },
      {},
      ...Array.from({ length: 20 }, (_, index) => ({ name: `Account ${index}` })),
    ];
    const content = {
      uncovered: [
        { name: "Payroll" },
        { ending: "4321" },
        ...Array.from({ length: 8 }, (_, index) => ({ name: `Account ${index}` })),
      ],
      more: 13,
    };
    const results: BankResult[] = [
      { type: "authorised", accounts: [{ externalId }], uncovered },
      { type: "refused", reason: "accounts-missing", uncovered },
    ];
    for (const result of results)
      expect(transition(awaitingBank, answeredWith(result))).toMatchObject({ content });
    expect(
      transition(awaitingBank, answeredWith({ type: "authorised", accounts: [], uncovered })),
    ).toEqual({ state: "finished", step: 3, result: "refused", reason: "wrong-account" });
  });
  test.each([[[]], [[{ externalId: "other" }]], [[{ externalId: "ACCOUNT-1" }]]])(
    "on success without the account it ends refused: %j",
    (accounts) => {
      expect(
        transition(awaitingBank, answeredWith({ type: "authorised", accounts })),
      ).toMatchObject({
        result: "refused",
        reason: "wrong-account",
      });
    },
  );
  test("on a refusal it ends with the reason", () => {
    expect(
      transition(awaitingBank, answeredWith({ type: "refused", reason: "locked" })),
    ).toMatchObject({
      state: "finished",
      result: "refused",
      reason: "locked",
    });
  });
  test.each(["bank-away", "bank-overdue"] as const)(
    "on %s the same question comes back, one step on, with the problem",
    (event) => {
      expect(transition(awaitingBank, { type: event })).toMatchObject({
        state: "awaiting_user",
        step: 4,
        content: {
          challenge: first.content.challenge,
          pageProblem: "bank-away",
          fields: { username: "ada" },
        },
      });
    },
  );
  test("on a fault of ours it ends failed", () => {
    expect(transition(awaitingBank, { type: "bank-failed", reason: "unexpected" })).toEqual({
      state: "finished",
      step: 3,
      result: "failed",
      reason: "unexpected",
    });
  });
  test("another answer leads nowhere: the bank is asked once for each step", () => {
    expect(transition(awaitingBank, { type: "answered", fields })).toBeUndefined();
    expect(transition(awaitingBank, { type: "invalid", fields: fields, problems })).toBeUndefined();
    expect(transition(awaitingBank, { type: "locale-changed", fields })).toBeUndefined();
  });
});

describe.each([
  ["awaiting_user", awaitingUser],
  ["awaiting_bank", awaitingBank],
])("from %s", (_, status) => {
  test("on cancel it ends cancelled", () => {
    expect(transition(status, { type: "cancelled" })).toEqual({
      state: "finished",
      step: 3,
      result: "cancelled",
      reason: null,
    });
  });
  test("when its time is over it ends expired", () => {
    expect(transition(status, { type: "time-over" })).toEqual({
      state: "finished",
      step: 3,
      result: "expired",
      reason: null,
    });
  });
});

describe("our own limit of wrong answers", () => {
  const after = (limit: { triesLeft: number; retrySeconds: number }, more: object = {}) =>
    transition(awaitingBank, {
      type: "bank-answered",
      externalId,
      limit,
      result: {
        type: "challenge",
        otherWay: false,
        challenge: code,
        state: null,
        problem: "wrong",
        ...more,
      },
    });
  test("announces the last two tries, and says nothing before", () => {
    expect(after({ triesLeft: 3, retrySeconds: 9 })).toMatchObject({
      state: "awaiting_user",
      content: { triesLeft: null },
    });
    expect(after({ triesLeft: 2, retrySeconds: 9 })).toMatchObject({ content: { triesLeft: 2 } });
    expect(after({ triesLeft: 1, retrySeconds: 9 })).toMatchObject({ content: { triesLeft: 1 } });
  });
  test("or the bank's count, whichever ends first", () => {
    expect(after({ triesLeft: 2, retrySeconds: 9 }, { triesLeft: 1 })).toMatchObject({
      content: { triesLeft: 1 },
    });
    expect(after({ triesLeft: 1, retrySeconds: 9 }, { triesLeft: 3 })).toMatchObject({
      content: { triesLeft: 1 },
    });
    expect(after({ triesLeft: 4, retrySeconds: 9 }, { triesLeft: 3 })).toMatchObject({
      content: { triesLeft: 3 },
    });
  });
  test("ends the session when it is reached, with the time until it is open again", () => {
    expect(after({ triesLeft: 0, retrySeconds: 9 })).toEqual({
      state: "finished",
      step: 3,
      result: "refused",
      reason: "too-many-tries",
      retryAfterSeconds: 9,
    });
    for (const running of [awaitingUser, awaitingBank]) {
      const status = { ...running, content: { ...running.content, started: true } };
      expect(transition(status, { type: "limit-reached", retrySeconds: 7 })).toEqual({
        state: "finished",
        step: 3,
        result: "refused",
        reason: "too-many-tries",
        retryAfterSeconds: 7,
      });
    }
  });
  test("brings the step back with a problem where the bank has heard of nobody yet, unless all these answers were this session’s", () => {
    const event = {
      type: "limit-reached",
      retrySeconds: 90,
      fields: { username: "ada", password: "secret" },
    } as const;
    expect(transition(awaitingUser, event)).toMatchObject({
      state: "awaiting_user",
      step: 4,
      content: {
        pageProblem: "too-many-tries",
        waitSeconds: 90,
        started: false,
        fields: { username: "ada" },
      },
    });
    expect(JSON.stringify(transition(awaitingUser, event))).not.toContain("secret");
    expect(transition(awaitingUser, { ...event, sessionFull: true })).toMatchObject({
      state: "finished",
      reason: "too-many-tries",
    });
  });
  test.each(["expired", "denied", undefined] as const)(
    "counts no answer that was %s",
    (problem) => {
      expect(after({ triesLeft: 0, retrySeconds: 9 }, { problem })).toMatchObject({
        state: "awaiting_user",
        content: { triesLeft: null },
      });
    },
  );
});

describe("a bank that was asked whether the person is done elsewhere", () => {
  test("goes on as after an answer of theirs", () => {
    expect(
      transition(awaitingUser, {
        type: "bank-polled",
        result: { type: "authorised", accounts: [{ externalId }] },
        externalId,
      }),
    ).toEqual({
      state: "finished",
      step: 3,
      result: "authorised",
      reason: null,
      accounts: [{ externalId }],
    });
    expect(
      transition(awaitingUser, {
        type: "bank-polled",
        result: { type: "challenge", otherWay: true, challenge: code, state: 1 },
        externalId,
      }),
    ).toMatchObject({
      state: "awaiting_user",
      step: 4,
      content: { challenge: code, otherWay: true, adapterState: 1 },
    });
  });
  test.each(["unexpected", "unknown-challenge"] as const)(
    "and failed ends the session: %s",
    (reason) => {
      expect(transition(awaitingUser, { type: "call-failed", reason })).toEqual({
        state: "finished",
        step: 3,
        result: "failed",
        reason,
      });
    },
  );
  test("tells nothing to a session that waits for another answer of the bank's", () => {
    expect(
      transition(awaitingBank, {
        type: "bank-polled",
        result: { type: "refused", reason: "locked" },
        externalId,
      }),
    ).toBeUndefined();
    expect(transition(awaitingBank, { type: "call-failed", reason: "unexpected" })).toBeUndefined();
  });
});

test("the sixtieth screen is the last one", () => {
  const away = (step: number) => transition({ ...awaitingBank, step }, { type: "bank-away" });
  expect(away(59)).toMatchObject({ state: "awaiting_user", step: 60 });
  expect(away(60)).toEqual({
    state: "finished",
    step: 60,
    result: "failed",
    reason: "too-many-steps",
  });
});

test("time and cancelling end a session from wherever it is, at the step it is at", () => {
  for (const status of [awaitingUser, awaitingBank]) {
    expect(transition(status, { type: "cancelled" })).toEqual({
      state: "finished",
      step: 3,
      result: "cancelled",
      reason: null,
    });
    expect(transition(status, { type: "time-over" })).toEqual({
      state: "finished",
      step: 3,
      result: "expired",
      reason: null,
    });
  }
});
