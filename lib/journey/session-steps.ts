import { openWith, type Seals, sealWith } from "../crypto/seal.ts";
import { handleDigest } from "../authorisations/handles.ts";
import type { AttemptKeys } from "../authorisations/attempt-keys.ts";
import {
  endingContentSchema,
  type RunningStatus,
  type SessionStatus,
  stepContentSchema,
} from "../authorisations/session.ts";
import type { ClaimResult } from "../authorisations/attempt-counts.ts";
import type { Undo } from "../banks/bank-adapter.ts";
import type { SessionRecord } from "../authorisations/session-record.ts";
import type { AnswerVerdict, SessionStore, StoredStep } from "../authorisations/session-store.ts";
import type { OutboxStore } from "../delivery/outbox-store.ts";
import { sealUndo } from "../delivery/undo-at-bank.ts";
import { outcomeBody } from "../delivery/outcome.ts";
import type { BankAccount } from "../sage/bank-account.ts";
import type { Settings } from "../config/env.ts";
import type { Log } from "../log/log.ts";
import { exhaustedCounts, logAttemptLimit } from "./attempt-limit-log.ts";
import type { Gone } from "./screen.ts";
import { transition } from "./transition.ts";

/** A session as a request meets it: found by its raw handle, its step opened, its times judged. */
export interface OpenSession {
  handle: string;
  record: SessionRecord;
  status: SessionStatus;
}

/** What must be known of a session to move it. */
export interface SessionRef {
  handle: string;
  id: string;
  bankId: string | null;
  authorisationId: string;
  externalId: string;
}

interface MoveOptions {
  when?: "bank-overdue" | undefined;
  verdict?: AnswerVerdict | undefined;
  /** Of a success: what reads the accounts from now on, encrypted to the provider (compact JWE). */
  grant?: string;
  /** What undoes the result that led here, unless it is the success that Sage is told of. */
  undo?: Undo;
}

export interface SessionSteps {
  /**
   * The session of a raw handle; undefined when there is none. Ends it if its time is over, and
   * brings a step back whose bank never answered.
   */
  open: (handle: string) => Promise<OpenSession | undefined>;
  /** Seals a running status for its session. */
  seal: (handle: string, sessionId: string, status: RunningStatus) => Promise<StoredStep>;
  /**
   * Stores the next status by compare-and-set; false when another request was first. An end writes
   * its outcome with it.
   */
  move: (
    session: SessionRef,
    from: RunningStatus,
    to: SessionStatus,
    options?: MoveOptions,
  ) => Promise<boolean>;
  /**
   * Stores what was typed into the step that is open, and the language it is shown in, without
   * going on; false when another request was first.
   */
  saveFields: (session: SessionRef, status: RunningStatus, locale: string) => Promise<boolean>;
  /**
   * Claims a step for an answer, and counts the answer with it.
   * @param nextHandle the session's handle from then on; the one it had opens nothing any more.
   *   Absent for an answer that no form took: whoever brings it knows no other handle.
   */
  answer: (
    session: SessionRef,
    from: RunningStatus,
    to: RunningStatus,
    counting: AttemptKeys,
    nextHandle?: string,
  ) => Promise<ClaimResult>;
  /**
   * Keeps what must be undone at the bank unless it belongs to the session's success; at once where
   * the session has ended. Keeping the same again changes nothing.
   * @throws DatabaseUnavailable
   */
  keepUndo: (session: Pick<SessionRef, "authorisationId">, undo: Undo) => Promise<void>;
  /** What to tell at an address whose handle opens no session. */
  describeGone: (handle: string) => Promise<Gone>;
  /** Whether a handle is or was one of a session. */
  isKnownHandle: (handle: string) => Promise<boolean>;
}

/** What an event tells of an account: none of its texts, which are the bank’s. */
const toEventAccount = ({ externalId, ...known }: BankAccount) => ({
  externalId,
  bankIdentifier: known.bankIdentifier,
  branchIdentifier: known.branchIdentifier,
  accountIdentifier: known.accountIdentifier,
});

export const sessionRef = ({ handle, record }: OpenSession): SessionRef => ({
  handle,
  id: record.id,
  bankId: record.bank_id,
  authorisationId: record.authorisation_id,
  externalId: record.external_id,
});

/**
 * Reading and moving sessions: the one place that knows that a step is sealed and that an end has
 * an outcome.
 */
export function createSessionSteps(deps: {
  sessions: SessionStore;
  outbox: OutboxStore;
  providerApi: Settings["providerApi"];
  seals: Seals;
  /** Whether Sage is told of a success at a bank only after the provider was. */
  holdsOutcome: (bankId: string | null) => boolean;
  log: Log;
}): SessionSteps {
  const { sessions, outbox, providerApi, seals, holdsOutcome, log } = deps;
  const context = (sessionId: string, step: number) => `${sessionId}/${step}`;

  const seal: SessionSteps["seal"] = async (handle, sessionId, { state, step, content }) => ({
    state,
    step,
    sealedStep: await sealWith(handle, context(sessionId, step), content),
  });

  const move: SessionSteps["move"] = async (
    { handle, id, bankId, authorisationId, externalId },
    from,
    to,
    { when, verdict, grant, undo: toUndo } = {},
  ) => {
    const undo = toUndo && (await sealUndo(seals, authorisationId, toUndo));
    if (to.state !== "finished")
      return sessions.advance(id, from, await seal(handle, id, to), {
        when,
        verdict,
        elsewhere: isElsewhere(from),
        undo,
      });
    const body = outcomeBody({ ...to, externalId }, providerApi);
    // A cancelled or expired session ends from wherever it stands; everything else only from the
    // step that was seen.
    const anywhere = to.result === "cancelled" || to.result === "expired";
    const ended = await outbox.finish({
      sessionId: id,
      result: to.result,
      reason: to.reason,
      retryAfterSeconds: to.retryAfterSeconds,
      sealedContent: to.content ? await sealWith(handle, context(id, to.step), to.content) : null,
      body,
      event: { accounts: (to.accounts ?? []).map(toEventAccount), grant },
      held: to.result === "authorised" && holdsOutcome(bankId),
      undo,
      ...(anywhere ? {} : { from }),
    });
    if (!ended) return false;
    log.info("session finished", {
      authorisationId,
      state: to.result,
      ...(to.reason ? { reason: to.reason } : {}),
    });
    if (verdict === "accepted") await uncount(id, from, to.result === "authorised");
    return true;
  };

  // A failure of ours leaves it counted, which is the safe side.
  const uncount = async (id: string, status: RunningStatus, authorised: boolean) => {
    const confirmed = authorised && !isElsewhere(status);
    // Found out by a poll, nothing is counted any more but the request in an app.
    const counted =
      status.state === "awaiting_bank" || status.content.challenge.kind === "approval";
    if (confirmed || counted)
      await sessions.releaseAttempts(id, confirmed ? "confirmed" : "last").catch(() => undefined);
  };

  // Who signs in on a page of the bank's own need not be who was named here.
  const isElsewhere = ({ content: { challenge } }: RunningStatus) => challenge.kind === "redirect";

  const load = async (handle: string): Promise<OpenSession | undefined> => {
    const record = await sessions.find(handleDigest(handle));
    if (!record) return undefined;
    const { state, step, result, reason, sealed_step: sealed } = record;
    const opened =
      sealed === null ? undefined : await openWith(handle, context(record.id, step), sealed);
    if (state === "finished") {
      if (!result) throw new Error("a finished session has no result");
      const content = opened === undefined ? undefined : endingContentSchema.parse(opened);
      return { handle, record, status: { state, step, result, reason, content } };
    }
    return { handle, record, status: { state, step, content: stepContentSchema.parse(opened) } };
  };

  return {
    seal,
    move,
    async answer({ handle, id, authorisationId }, from, to, counting, nextHandle) {
      const handles =
        nextHandle === undefined
          ? undefined
          : { from: handleDigest(handle), to: handleDigest(nextHandle) };
      const counted = await sessions.answer(
        id,
        from,
        await seal(nextHandle ?? handle, id, to),
        counting,
        handles,
      );
      if (counted.type === "limited")
        logAttemptLimit(log, authorisationId, exhaustedCounts(counted, counting));
      return counted;
    },
    keepUndo: async ({ authorisationId }, undo) =>
      sessions.keepUndo(authorisationId, await sealUndo(seals, authorisationId, undo)),
    async describeGone(handle) {
      const known = await sessions.findKnownSession(handleDigest(handle));
      return known
        ? { error: known.over ? "over" : "already-answered", locale: known.locale }
        : { error: "gone" };
    },
    isKnownHandle: async (handle) =>
      (await sessions.findKnownSession(handleDigest(handle))) !== undefined,
    saveFields: async ({ handle, id }, status, locale) =>
      sessions.setLocale(id, locale, await seal(handle, id, status)),
    async open(handle) {
      const session = await load(handle);
      if (!session || session.status.state === "finished") return session;
      const { record, status } = session;
      const overdue = status.state === "awaiting_bank" && record.bank_overdue;
      const event = record.time_over ? "time-over" : overdue ? "bank-overdue" : undefined;
      const next = event && transition(status, { type: event });
      if (!next) return session;
      await move(
        sessionRef(session),
        status,
        next,
        event === "bank-overdue" ? { when: event, verdict: "overdue" } : {},
      );
      // Whoever moved it, what is stored now is the truth.
      return load(handle);
    },
  };
}
