import {
  type EndingContent,
  maxNamed,
  type RunningStatus,
  type SessionStatus,
  type StepContent,
} from "../authorisations/session.ts";
import type { UncoveredAccount } from "../banks/bank-account.ts";
import type { BankDescription, JourneyResult } from "../banks/bank-adapter.ts";
import { kindOf } from "../challenges/index.ts";
import type { MessageValues } from "../i18n/translator.ts";
import type { FormFields } from "../challenges/challenge.ts";
import type { FieldProblem } from "../challenges/field-problem.ts";

/** Everything that can happen to a running session. */
export type WizardEvent =
  | { type: "answered"; fields: FormFields }
  | { type: "invalid"; fields: FormFields; problems: FieldProblem[] }
  /** The person wants the same screen in another language. */
  | { type: "locale-changed"; fields: FormFields }
  | {
      type: "bank-answered";
      result: JourneyResult;
      externalId: string;
      /** How many wrong answers the bank is still asked about, and when it is asked again. */
      limit?: AttemptLimit;
    }
  /** What the bank said when it was asked whether the person is done elsewhere. */
  | { type: "bank-polled"; result: JourneyResult; externalId: string }
  | { type: "bank-away" }
  | { type: "bank-overdue" }
  | { type: "bank-failed"; reason: "unexpected" | "unknown-challenge" }
  | { type: "call-failed"; reason: "unexpected" | "unknown-challenge" }
  /** The person wanted to go to a page of the bank's own, and the bank was away. */
  | { type: "redirect-failed" }
  /**
   * So many answers were wrong that this one was not taken. `sessionFull`: so many of this
   * session's own.
   */
  | { type: "limit-reached"; retrySeconds: number; sessionFull?: boolean; fields?: FormFields }
  | { type: "cancelled" }
  | { type: "time-over" };

/** Our own limit of wrong answers (lib/authorisations/attempt-limit.ts). */
export interface AttemptLimit {
  triesLeft: number;
  retrySeconds: number;
}

/** From how many tries on a person is told how many are left; the last one is always announced. */
const announcedTries = 2;

/**
 * A bank that asks for ever, or a person who answers wrongly for ever, ends here; no bank needs so
 * many screens.
 */
const maxSteps = 60;

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
    fields: {},
  };
  return { state: "awaiting_user", step: firstStep, content };
}

/**
 * Where an event leads, or undefined where it leads nowhere from this status. Pure: times are
 * judged by the database before an event is raised, and the result is stored by compare-and-set.
 */
export function transition(status: RunningStatus, event: WizardEvent): SessionStatus | undefined {
  const { step, content } = status;
  if (event.type === "cancelled")
    return { state: "finished", step, result: "cancelled", reason: null };
  if (event.type === "limit-reached")
    return !content.started && !event.sessionFull
      ? asked(step, {
          ...limitReached(content, event.retrySeconds),
          fields: keptFields(content, event.fields ?? {}),
        })
      : tooManyTries(step, event.retrySeconds);
  if (event.type === "time-over")
    return { state: "finished", step, result: "expired", reason: null };

  if (status.state === "awaiting_user") {
    const fields = keptFields(content, "fields" in event ? event.fields : {});
    if (event.type === "invalid")
      return asked(step, {
        ...content,
        ...fresh,
        triesLeft: content.triesLeft,
        fields,
        problems: event.problems,
      });
    if (event.type === "locale-changed") return { ...status, content: { ...content, fields } };
    if (event.type === "answered")
      return { state: "awaiting_bank", step, content: { ...content, fields } };
    if (event.type === "bank-polled") return afterResult(status, event.result, event.externalId);
    if (event.type === "redirect-failed")
      return asked(step, {
        ...content,
        ...fresh,
        triesLeft: content.triesLeft,
        pageProblem: "bank-away",
      });
    if (event.type === "call-failed")
      return { state: "finished", step, result: "failed", reason: event.reason };
    return undefined;
  }

  switch (event.type) {
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
    case "bank-answered":
      return afterResult(status, event.result, event.externalId, event.limit);
    default:
      return undefined;
  }
}

const asked = (step: number, content: StepContent): SessionStatus =>
  step < maxSteps
    ? { state: "awaiting_user", step: step + 1, content }
    : { state: "finished", step, result: "failed", reason: "too-many-steps" };

const tooManyTries = (step: number, retryAfterSeconds: number): SessionStatus => ({
  state: "finished",
  step,
  result: "refused",
  reason: "too-many-tries",
  retryAfterSeconds,
});

function afterResult(
  { step, content }: RunningStatus,
  result: JourneyResult,
  externalId: string,
  limit?: AttemptLimit,
): SessionStatus {
  if (result.type === "refused")
    return {
      state: "finished",
      step,
      result: "refused",
      reason: result.reason,
      retryAfterSeconds: result.retryAfterSeconds,
      content: endingContent(result.uncovered),
    };
  if (result.type === "authorised") {
    // The bank must have shown the very account that Banking Service asks about (design decision
    // 9).
    const confirmed = result.accounts.some((account) => account.externalId === externalId);
    return {
      state: "finished",
      step,
      ...(confirmed
        ? {
            result: "authorised",
            reason: null,
            accounts: result.accounts,
            content: endingContent(result.uncovered),
          }
        : { result: "refused", reason: "wrong-account" }),
    };
  }
  const wrong = result.problem === "wrong" ? limit : undefined;
  if (wrong && wrong.triesLeft < 1) return tooManyTries(step, wrong.retrySeconds);
  const { problems: words, values } = kindOf(result.challenge);
  const problem = result.problem && words[result.problem];
  return asked(step, {
    challenge: result.challenge,
    adapterState: result.state,
    started: true,
    problems: problem ? [problemOf(problem, values)] : [],
    pageProblem: null,
    triesLeft: minTries(result.triesLeft, wrong?.triesLeft),
    notice: result.notice ?? null,
    waitSeconds: result.waitSeconds ?? null,
    otherWay: result.otherWay,
    lang: result.lang ?? null,
    fields: keptFields(result, content.fields),
  });
}

/** Which accounts the last screen names; those of which nothing is known are only counted. */
function endingContent(uncovered: readonly UncoveredAccount[] = []): EndingContent | undefined {
  const named = uncovered
    .flatMap(({ name, ending }): EndingContent["uncovered"] =>
      name !== undefined ? [{ name }] : ending !== undefined ? [{ ending }] : [],
    )
    .slice(0, maxNamed);
  return uncovered.length > 0
    ? { uncovered: named, more: uncovered.length - named.length }
    : undefined;
}

const problemOf = (
  { key, ...at }: ReturnType<typeof kindOf>["problems"]["wrong"],
  values: MessageValues,
): FieldProblem => ({ ...at, message: { key, values } });

/** The bank's count or ours, whichever ends first; ours is told only when it is nearly over. */
function minTries(bankTries: number | undefined, ownTries = Infinity): number | null {
  const left = Math.min(bankTries ?? Infinity, ownTries <= announcedTries ? ownTries : Infinity);
  return left === Infinity ? null : left;
}

/**
 * What of the entries may be shown again: never a password or a code, and nothing longer than a
 * field of ours takes.
 */
function keptFields(
  { challenge }: Pick<StepContent, "challenge">,
  fields: FormFields,
): Record<string, string> {
  const kept = kindOf(challenge).kept.flatMap((name): [string, string][] => {
    const value = fields[name];
    return value === undefined ? [] : [[name, value.slice(0, 200)]];
  });
  return Object.fromEntries(kept);
}
