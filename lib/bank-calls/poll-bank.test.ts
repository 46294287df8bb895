import { expect, test, vi } from "vitest";
import type { SessionStatus } from "../authorisations/session.ts";
import type { AnswerVerdict, SessionStore } from "../authorisations/session-store.ts";
import type { BankAdapter } from "../banks/bank-adapter.ts";
import { systemClock } from "../clock/clock.ts";
import { DatabaseUnavailable } from "../db/db.ts";
import type { Log } from "../log/log.ts";
import { createPollBank } from "./poll-bank.ts";
import type { OpenSession, SessionSteps } from "../journey/session-steps.ts";
import { firstStatus } from "../journey/transition.ts";

const silent: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

type Polled = Awaited<ReturnType<NonNullable<BankAdapter["poll"]>>>;
const approval = (status: "waiting" | "over") =>
  ({ kind: "approval", prompt: { status, pollSeconds: 1 } }) as const;

/** A session that waits for an approval, polled once. */
async function polled(says: Polled, { away = 0 } = {}) {
  const poll = vi.fn<NonNullable<BankAdapter["poll"]>>().mockResolvedValue(says);
  const stored: SessionStatus[] = [];
  const verdicts: (AnswerVerdict | undefined)[] = [];
  const move: SessionSteps["move"] = async (_session, _from, to, options) => {
    if (away-- > 0) throw new DatabaseUnavailable(new Error("gone"));
    verdicts.push(options?.verdict);
    return stored.push(to) > 0;
  };
  const deliver = { soon: vi.fn(), take: vi.fn(), send: vi.fn(), stop: vi.fn() };
  const pollBank = createPollBank({
    bank: { poll } as unknown as BankAdapter,
    sessions: { claimPoll: async () => true } as unknown as SessionStore,
    steps: { move } as SessionSteps,
    deliver,
    requestFor: async () => ({
      bankId: null,
      externalId: "account",
      locale: "en-GB",
      returnAddress: "https://connector.example/",
    }),
    clock: { ...systemClock, sleep: () => Promise.resolve() },
    log: silent,
  });
  const status = firstStatus({ name: "Test Bank", firstChallenge: approval("waiting") });
  await pollBank({
    handle: "h",
    status,
    record: { id: "i", authorisation_id: "a", external_id: "account" } as OpenSession["record"],
  });
  await pollBank.settled();
  return { poll, stored, verdicts, deliver };
}

test("what a bank says to a poll is kept while the database is away, since it may not say it twice", async () => {
  const { poll, stored, deliver } = await polled(
    { type: "authorised", accounts: [{ externalId: "account" }] },
    { away: 2 },
  );
  expect(poll).toHaveBeenCalledTimes(1);
  expect(stored).toMatchObject([{ state: "finished", result: "authorised" }]);
  expect(deliver.soon).toHaveBeenCalledWith("a");
});

test.each<[AnswerVerdict | undefined, string, Polled]>([
  ["accepted", "is approved", { type: "authorised", accounts: [{ externalId: "account" }] }],
  [
    undefined,
    "was turned down",
    { type: "challenge", challenge: approval("over"), state: null, problem: "denied" },
  ],
  [
    undefined,
    "leads to another question",
    { type: "challenge", challenge: { kind: "credentials", prompt: {} }, state: null },
  ],
  [undefined, "is refused", { type: "refused", reason: "denied" }],
])("the verdict is %s on a request that %s", async (verdict, _, says) => {
  expect((await polled(says)).verdicts).toEqual([verdict]);
});
