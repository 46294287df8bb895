import type { RunningStatus, SessionStatus, StepContent } from "../authorisations/session.ts";
import type { BankDescription, Turn } from "../banks/bank-adapter.ts";
import { kindOf } from "../challenges/index.ts";
import type { Entries, FieldProblem } from "../challenges/challenge.ts";

/** Everything that can happen to a running session. */
export type WizardEvent =
  | { event: "answered"; entries: Entries }
  | { event: "misfilled"; entries: Entries; problems: FieldProblem[] }
  /** The person wants the same screen in another language. */
  | { event: "spoke"; entries: Entries }
  | {
      event: "bank-turned";
      turn: Turn;
      externalId: string;
      /** How many wrong answers the bank is still asked about, and when it is asked again. */
      limit?: AnswerLimit;
    }
  /** What the bank said when it was asked whether the person is done elsewhere. */
  | { event: "bank-polled"; turn: Turn; externalId: string }
  | { event: "bank-away" }
  | { event: "bank-overdue" }
  | { event: "bank-failed"; reason: "unexpected" | "unknown-challenge" }
  | { event: "poll-failed"; reason: "unexpected" | "unknown-challenge" }
  /** The person wanted to go to a page of the bank's own, and the bank was away. */
  | { event: "not-departed" }
  /**
   * So many answers were wrong that this one was not taken. `sessionFull`: so many of this
   * session's own.
   */
  | { event: "limit-reached"; retrySeconds: number; sessionFull?: boolean; entries?: Entries }
  | { event: "cancelled" }
  | { event: "time-over" };

/** Our own limit of wrong answers (lib/authorisations/attempt-limit.ts). */
export interface AnswerLimit {
  triesLeft: number;
  retrySeconds: number;
}

/** From how many tries on a person is told how many are left; the last one is always announced. */
const announcedTries = 2;

/**
 * A bank that asks for ever, or a person who answers wrongly for ever, ends here; no bank needs so
 * many screens.
 */
const mostSteps = 60;

/** What a step holds before anything went right or wrong. */
const fresh = {
  problems: [],
  pageProblem: null,
  triesLeft: null,
  notice: null,
  waitSeconds: null,
} satisfies Partial<StepContent>;

/** The number of the first screen. */
export const firstStep = 1;

/**
 * A screen whose answer was not taken to the bank, which has not heard of anybody yet: it may be
 * answered once the count is over.
 */
export const limitReached = (content: StepContent, retrySeconds: number): StepContent => ({
  ...content,
  ...fresh,
  pageProblem: "too-many-tries",
  waitSeconds: retrySeconds,
});

/** The status before anything was answered: what the first screen shows. */
export function firstStatus({
  firstChallenge,
  lang,
  state,
}: Pick<BankDescription, "firstChallenge"> & Partial<BankDescription>): Extract<
  SessionStatus,
  { state: "awaiting_user" }
> {
  const content = {
    ...fresh,
    challenge: firstChallenge,
    adapterState: state ?? null,
    started: false,
    otherWay: false,
    lang: lang ?? null,
    entries: {},
  };
  return { state: "awaiting_user", step: firstStep, content };
}

/**
 * Where an event leads, or undefined where it leads nowhere from this status. Pure: times are
 * judged by the database before an event is raised, and the result is stored by compare-and-set.
 */
export function transition(status: RunningStatus, event: WizardEvent): SessionStatus | undefined {
  const { step, content } = status;
  if (event.event === "cancelled")
    return { state: "finished", step, result: "cancelled", reason: null };
  if (event.event === "limit-reached")
    return !content.started && !event.sessionFull
      ? asked(step, {
          ...limitReached(content, event.retrySeconds),
          entries: keptEntries(content, event.entries ?? {}),
        })
      : tooManyTries(step, event.retrySeconds);
  if (event.event === "time-over")
    return { state: "finished", step, result: "expired", reason: null };

  if (status.state === "awaiting_user") {
    const entries = keptEntries(content, "entries" in event ? event.entries : {});
    if (event.event === "misfilled")
      return asked(step, {
        ...content,
        ...fresh,
        triesLeft: content.triesLeft,
        entries,
        problems: event.problems,
      });
    if (event.event === "spoke") return { ...status, content: { ...content, entries } };
    if (event.event === "answered")
      return { state: "awaiting_bank", step, content: { ...content, entries } };
    if (event.event === "bank-polled") return afterTurn(status, event.turn, event.externalId);
    if (event.event === "not-departed")
      return asked(step, {
        ...content,
        ...fresh,
        triesLeft: content.triesLeft,
        pageProblem: "bank-away",
      });
    if (event.event === "poll-failed")
      return { state: "finished", step, result: "failed", reason: event.reason };
    return undefined;
  }

  switch (event.event) {
    case "bank-away":
    case "bank-overdue":
      return asked(step, {
        ...content,
        ...fresh,
        triesLeft: content.triesLeft,
        pageProblem: "bank-away",
      });
    case "bank-failed":
      return { state: "finished", step, result: "failed", reason: event.reason };
    case "bank-turned":
      return afterTurn(status, event.turn, event.externalId, event.limit);
    default:
      return undefined;
  }
}

const asked = (step: number, content: StepContent): SessionStatus =>
  step < mostSteps
    ? { state: "awaiting_user", step: step + 1, content }
    : { state: "finished", step, result: "failed", reason: "too-many-steps" };

const tooManyTries = (step: number, retryAfterSeconds: number): SessionStatus => ({
  state: "finished",
  step,
  result: "refused",
  reason: "too-many-tries",
  retryAfterSeconds,
});

function afterTurn(
  { step, content }: RunningStatus,
  turn: Turn,
  externalId: string,
  limit?: AnswerLimit,
): SessionStatus {
  if (turn.turn === "refused")
    return {
      state: "finished",
      step,
      result: "refused",
      reason: turn.reason,
      retryAfterSeconds: turn.retryAfterSeconds,
    };
  if (turn.turn === "authorised") {
    // The bank must have shown the very account that Banking Service asks about (design decision
    // 9).
    const confirmed = turn.accounts.some((account) => account.externalId === externalId);
    return {
      state: "finished",
      step,
      ...(confirmed
        ? { result: "authorised", reason: null }
        : { result: "refused", reason: "wrong-account" }),
    };
  }
  const wrong = turn.problem === "wrong" ? limit : undefined;
  if (wrong && wrong.triesLeft < 1) return tooManyTries(step, wrong.retrySeconds);
  const { problems: words, values } = kindOf(turn.challenge);
  const problem = turn.problem && words[turn.problem];
  return asked(step, {
    challenge: turn.challenge,
    adapterState: turn.state,
    started: true,
    problems: problem ? [{ field: problem.field, message: { key: problem.key, values } }] : [],
    pageProblem: null,
    triesLeft: fewer(turn.triesLeft, wrong?.triesLeft),
    notice: turn.notice ?? null,
    waitSeconds: turn.waitSeconds ?? null,
    otherWay: turn.otherWay,
    lang: turn.lang ?? null,
    entries: keptEntries(turn, content.entries),
  });
}

/** The bank's count or ours, whichever ends first; ours is told only when it is nearly over. */
function fewer(ofBank: number | undefined, ours = Infinity): number | null {
  const left = Math.min(ofBank ?? Infinity, ours <= announcedTries ? ours : Infinity);
  return left === Infinity ? null : left;
}

/**
 * What of the entries may be shown again: never a password or a code, and nothing longer than a
 * field of ours takes.
 */
function keptEntries(
  { challenge }: Pick<StepContent, "challenge">,
  entries: Entries,
): Record<string, string> {
  const kept = kindOf(challenge).kept.flatMap((name): [string, string][] => {
    const value = entries[name];
    return value === undefined ? [] : [[name, value.slice(0, 200)]];
  });
  return Object.fromEntries(kept);
}
