import type { RunningStatus } from "../authorisations/session.ts";
import { bankDeadlineSeconds } from "../authorisations/session-store.ts";
import {
  type CallOptions,
  type BankRequest,
  type Banks,
  type BankResult,
  bankResultSchema,
  type JourneyResult,
} from "../banks/bank-adapter.ts";
import type { Answer } from "../challenges/index.ts";
import type { DeliverOutcome } from "../delivery/deliver-outcome.ts";
import { createPendingWork } from "../clock/pending-work.ts";
import type { Clock } from "../clock/clock.ts";
import { errorFields, type Log } from "../log/log.ts";
import { type AnswerVerdict, staysCounted } from "../authorisations/session-store.ts";
import { type BankCallResult, bankTimeMs, callBank, type BankCallSession } from "./call-bank.ts";
import { type exhaustedCounts, logAttemptLimit } from "../journey/attempt-limit-log.ts";
import type { SessionSteps } from "../journey/session-steps.ts";
import { type AttemptLimit, transition } from "../journey/transition.ts";
import { createStoreResult, storeLateUndo, type StoreUndo } from "./store-result.ts";

/**
 * How long a request waits for the bank before the person sees the screen that waits (design
 * decision 10).
 */
export const inlineWaitMs = 2000;

export interface ClaimedAnswer extends BankCallSession {
  status: Extract<RunningStatus, { state: "awaiting_bank" }>;
  answer: Answer;
  /** What our own count of wrong answers says, should this one be wrong. */
  limit: AttemptLimit & {
    /** Whose counts are full then. */ full: ReturnType<typeof exhaustedCounts>;
  };
  /**
   * Milliseconds since before the step was claimed. A process frozen since then must not ask: the
   * step may have come back to the person, and been answered again.
   */
  sinceClaimMs: () => number;
}

/** Later than that, the bank's whole time would not fit before the deadline of the step. */
const latestCallMs = bankDeadlineSeconds * 1000 - bankTimeMs;

export interface AskBank {
  /**
   * Takes a claimed answer to the bank, stores what it says and, after a success, tells Sage.
   * Resolves when that is done or after 2 s, whichever is first; the rest goes on without the
   * request. Called once per claimed step: the claim is what makes it once.
   */
  (claimed: ClaimedAnswer): Promise<void>;
  /** Waits for everything that still goes on. */
  settled: () => Promise<void>;
}

export function createAskBank(deps: {
  bank: Banks;
  steps: SessionSteps;
  deliver: DeliverOutcome;
  storeUndo?: StoreUndo;
  clock: Clock;
  log: Log;
}): AskBank {
  const { bank, steps, deliver, storeUndo, clock, log } = deps;
  const pending = createPendingWork();
  const storeResult = createStoreResult({ steps, deliver, storeUndo, clock });

  const call =
    ({ status: { content }, answer }: ClaimedAnswer) =>
    (request: BankRequest, limits: CallOptions) =>
      content.started
        ? bank.answer(
            { ...request, answer, challenge: content.challenge, state: content.adapterState },
            limits,
          )
        : bank.start(
            {
              ...request,
              answer,
              ...(content.adapterState === null ? {} : { state: content.adapterState }),
            },
            limits,
          );

  const ask = async (claimed: ClaimedAnswer): Promise<BankCallResult<BankResult>> => {
    const { authorisationId, status, sinceClaimMs } = claimed;
    if (sinceClaimMs() > latestCallMs) {
      log.warn("bank away", { authorisationId, reason: "asked-too-late" });
      return { type: "bank-away" };
    }
    log.info("bank asked", { authorisationId, step: status.step });
    return callBank(claimed, call(claimed), bankResultSchema, {
      clock,
      log,
      grants: bank.grants,
      storeUndo: storeLateUndo({ storeUndo, session: claimed, pending, clock, log }),
    });
  };

  const work = async (claimed: ClaimedAnswer) => {
    const said = await ask(claimed);
    const next = transition(
      claimed.status,
      said.type === "bank-answered" ? { ...said, limit: claimed.limit } : said,
    );
    const verdict = verdictOf(said);
    if (next && staysCounted(verdict))
      logAttemptLimit(log, claimed.authorisationId, claimed.limit.full);
    await storeResult(claimed, claimed.status, next, said, verdict);
  };

  const askBank = async (claimed: ClaimedAnswer) => {
    const working = pending.add(
      work(claimed)
        // The step passes its deadline and comes back; an outcome already stored is delivered by
        // the loop.
        .catch((error: unknown) =>
          log.error("bank result not stored", {
            authorisationId: claimed.authorisationId,
            ...errorFields(error),
          }),
        ),
    );
    await clock.atMost(inlineWaitMs, working);
  };

  return Object.assign(askBank, { settled: () => pending.settled() });
}

/**
 * What an answer came to; undefined where nobody knows, and then it stays counted as if it was
 * wrong: a bank that gave no answer in time, or one we did not understand, may have counted it,
 * too.
 */
function verdictOf(said: BankCallResult<BankResult>): AnswerVerdict | undefined {
  if (said.type === "bank-away") return said.unclear ? undefined : "away";
  if (said.type !== "bank-answered") return undefined;
  const { result } = said;
  if (result.type === "challenge")
    return result.problem === "wrong" || !asksInApp(result)
      ? (result.problem ?? "accepted")
      : "asked";
  return result.type === "refused" &&
    (result.reason === "locked" || result.reason === "too-many-tries")
    ? "wrong"
    : "accepted";
}

/**
 * Whether somebody's phone has just rung: who types another person's name must not have it ring for
 * ever (MFA fatigue). With `wait` nothing was sent.
 */
const asksInApp = ({ challenge, notice }: Extract<JourneyResult, { type: "challenge" }>) =>
  challenge.kind === "approval" && notice !== "wait";
