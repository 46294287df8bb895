import { describe, expect, test, vi } from "vitest";
import type { SessionStatus } from "../authorisations/session.ts";
import type { AnswerVerdict } from "../authorisations/session-store.ts";
import type { BankAdapter } from "../banks/bank-adapter.ts";
import { type Clock, startStopwatch, systemClock } from "../clock/clock.ts";
import { DatabaseUnavailable } from "../db/db.ts";
import type { Log } from "../log/log.ts";
import type { SessionSteps } from "../journey/session-steps.ts";
import { type ClaimedAnswer, createAskBank } from "./ask-bank.ts";
import { firstStatus, transition } from "../journey/transition.ts";

const silent: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
const first = firstStatus({
  name: "Test Bank",
  firstChallenge: { kind: "credentials", prompt: {} },
});
const status = transition(first, {
  type: "answered",
  fields: { username: "ada" },
}) as ClaimedAnswer["status"];

type Result = Awaited<ReturnType<BankAdapter["start"]>>;
const authorised: Result = { type: "authorised", accounts: [{ externalId: "account" }] };

function asking({
  clock = systemClock,
  away = 0,
  says = authorised,
}: { clock?: Clock; away?: number; says?: Result } = {}) {
  const start = vi.fn<BankAdapter["start"]>().mockResolvedValue(says);
  const bank = { describe: vi.fn(), start, answer: vi.fn() } as unknown as BankAdapter;
  const stored: SessionStatus[] = [];
  const verdicts: (AnswerVerdict | undefined)[] = [];
  const steps = {
    saveFields: vi.fn(),
    open: vi.fn(),
    seal: vi.fn(),
    answer: vi.fn(),
    keepUndo: vi.fn(),
    describeGone: vi.fn(),
    isKnownHandle: vi.fn(),
    async move(...[, , to, options]: Parameters<SessionSteps["move"]>) {
      if (away-- > 0) throw new DatabaseUnavailable(new Error("gone"));
      verdicts.push(options?.verdict);
      stored.push(to);
      return true;
    },
  };
  const deliver = { soon: vi.fn(), take: vi.fn(), send: vi.fn(), stop: vi.fn() };
  const ask = createAskBank({ bank, steps, deliver, clock, log: silent });
  const asked = {
    handle: "h",
    id: "i",
    bankId: null,
    authorisationId: "a",
    externalId: "account",
    status,
    request: { bankId: null, externalId: "account" } as unknown as ClaimedAnswer["request"],
    limit: { triesLeft: 4, full: [], retrySeconds: 1800 },
    answer: {
      kind: "credentials",
      value: { username: "ada", password: "x" },
    } as ClaimedAnswer["answer"],
  };
  return {
    ask: (sinceClaimMs = startStopwatch(clock)) => ask({ ...asked, sinceClaimMs }),
    start,
    stored,
    verdicts,
    deliver,
  };
}

describe("a claimed step", () => {
  test("is taken to the bank once, and what it says is stored and told", async () => {
    const { ask, start, stored, deliver } = asking();
    await ask();
    expect(start).toHaveBeenCalledTimes(1);
    expect(stored).toMatchObject([{ state: "finished", result: "authorised" }]);
    expect(deliver.soon).toHaveBeenCalledWith("a");
  });
  test("is not taken to the bank by a process that was frozen since it claimed it: the step comes back", async () => {
    const { ask, start, stored } = asking();
    await ask(() => 5001);
    expect(start).not.toHaveBeenCalled();
    expect(stored).toMatchObject([
      { state: "awaiting_user", content: { pageProblem: "bank-away" } },
    ]);
  });
  test("whose answer cannot be stored is stored when the database is back, without another call", async () => {
    const { ask, start, stored } = asking({
      away: 2,
      clock: { ...systemClock, sleep: () => Promise.resolve() },
    });
    await ask();
    expect(start).toHaveBeenCalledTimes(1);
    expect(stored).toMatchObject([{ result: "authorised" }]);
  });
});

const code = {
  type: "challenge",
  challenge: { kind: "one-time-code", prompt: { channel: "app" } },
} as const;
const approval = {
  type: "challenge",
  challenge: { kind: "approval", prompt: { status: "waiting", pollSeconds: 3 } },
} as const;
test.each<[AnswerVerdict, string, Result]>([
  ["accepted", "lets the person in", authorised],
  ["accepted", "asks the next question", code],
  ["wrong", "asks again", { ...code, problem: "wrong" }],
  ["denied", "was told no", { ...code, problem: "denied" }],
  ["wrong", "lets nobody in any more", { type: "refused", reason: "too-many-tries" }],
  ["asked", "asks in its app", approval],
  ["asked", "asked in its app, in vain", { ...approval, problem: "expired" }],
  [
    "accepted",
    "has asked in its app a moment ago",
    { ...approval, notice: "wait", waitSeconds: 5 },
  ],
  ["wrong", "asks in its app instead", { ...approval, problem: "wrong" }],
])("the verdict is %s where the bank %s", async (verdict, _, says) => {
  const { ask, verdicts } = asking({ says });
  await ask();
  expect(verdicts).toEqual([verdict]);
});
