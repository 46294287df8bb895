import { accountKeys } from "../authorisations/attempt-keys.ts";
import type { RunningStatus } from "../authorisations/session.ts";
import type { SessionStore } from "../authorisations/session-store.ts";
import type { Banks } from "../banks/bank-adapter.ts";
import type { FormFields } from "../challenges/challenge.ts";
import { readAnswer } from "../challenges/index.ts";
import type { DeliverOutcome } from "../delivery/deliver-outcome.ts";
import { type Clock, startStopwatch } from "../clock/clock.ts";
import type { Seals } from "../crypto/seal.ts";
import type { AskBank } from "../bank-calls/ask-bank.ts";
import type { RequestFor } from "../bank-calls/bank-request.ts";
import type { CancelAtBank } from "../bank-calls/cancel-at-bank.ts";
import { openFormToken } from "../journey/form-token.ts";
import { exhaustedCounts } from "../journey/attempt-limit-log.ts";
import type { PollBank } from "../bank-calls/poll-bank.ts";
import type { ChangeLanguage } from "./change-language.ts";
import {
  type SessionRef,
  sessionRef,
  type OpenSession,
  type SessionSteps,
} from "../journey/session-steps.ts";
import type { FormResult, ReadForm } from "../authrefresh/claim-authorisation.ts";
import { transition, type WizardEvent } from "../journey/transition.ts";

export interface SubmitAnswer {
  /** A posted form. @throws DatabaseUnavailable */
  (handle: string, readForm: ReadForm): Promise<FormResult>;
  /**
   * An answer to the step that is open, from wherever it came; claimed once like a posted one.
   * @throws DatabaseUnavailable
   */
  step: (open: OpenSession, fields: FormFields) => Promise<void>;
}

/**
 * A post to a running session: an answer, or one of the buttons beside it. The step is claimed by
 * compare-and-set before the bank hears of the answer, so a double click, a second tab or a retry
 * never makes a second bank call. An answer that the bank is to hear gives the session a new
 * handle, made of the form it came in: the same form leads there however often it is posted, and an
 * address that was known before shows nothing afterwards (session fixation, docs/decisions/066).
 */
export function createSubmitAnswer(deps: {
  sessions: SessionStore;
  steps: SessionSteps;
  bank: Banks;
  askBank: AskBank;
  deliver: DeliverOutcome;
  seals: Seals;
  pollBank: PollBank;
  changeLanguage: ChangeLanguage;
  cancelAtBank: CancelAtBank;
  requestFor: RequestFor;
  clock: Clock;
}): SubmitAnswer {
  const {
    sessions,
    steps,
    bank,
    askBank,
    deliver,
    seals,
    pollBank,
    changeLanguage,
    cancelAtBank,
    requestFor,
    clock,
  } = deps;

  const end = async (session: SessionRef, status: RunningStatus, event: WizardEvent) => {
    const ended = transition(status, event);
    if (!ended || !(await steps.move(session, status, ended))) return false;
    if (ended.state === "finished") await deliver.soon(session.authorisationId);
    return true;
  };

  /** @returns whether the answer was taken to the bank. */
  const answer = async (
    open: OpenSession,
    fields: FormFields,
    nextHandle?: string,
  ): Promise<boolean> => {
    const { status } = open;
    if (status.state !== "awaiting_user") return false;
    const session = sessionRef(open);
    const read = readAnswer(status.content.challenge, fields, {
      now: clock.now(),
      otherWay: status.content.otherWay,
    });
    const next = transition(
      status,
      "problems" in read
        ? { type: "invalid", fields, problems: read.problems }
        : { type: "answered", fields },
    );
    const sinceClaimMs = startStopwatch(clock);
    if (!next) return false;
    if (!("answer" in read) || next.state !== "awaiting_bank") {
      await steps.move(session, status, next);
      return false;
    }
    const { bank_id: bankId, external_id: externalId } = open.record;
    const counting = accountKeys(seals, {
      bankId,
      externalId,
      person: bank.userIdentifier?.(
        read.answer,
        { bankId, externalId },
        status.content.adapterState,
      ),
    });
    const counted = await steps.answer(session, status, next, counting, nextHandle);
    if (counted.type === "limited")
      await end(session, status, {
        type: "limit-reached",
        retrySeconds: counted.retrySeconds,
        sessionFull: counted.sessionFull,
        fields,
      });
    if (counted.type !== "claimed") return false;
    const handle = nextHandle ?? open.handle;
    await askBank({
      ...session,
      handle,
      request: await requestFor({ ...open, handle }),
      status: next,
      answer: read.answer,
      limit: { ...counted, full: exhaustedCounts(counted, counting) },
      sinceClaimMs,
    });
    return true;
  };

  const submit = async (url: string, readForm: ReadForm): Promise<FormResult> => {
    if (!(await steps.isKnownHandle(url))) return { type: "gone", error: "gone" };
    const fields = await readForm();
    if (!fields) return { type: "unreadable" };
    // Only now: a body may take its time, and what it is about may be answered meanwhile, at an
    // address that its sender does not know.
    const atUrl = await steps.open(url);
    const gone = atUrl ? undefined : await steps.describeGone(url);
    const form = openFormToken(seals, url, fields.form_token ?? "");
    if (!form) return gone ? { type: "gone", ...gone } : { type: "cross-origin-post" };
    // Whoever has the form that was answered is who went on from here: a double click, or a button
    // pressed after it.
    const session = atUrl ?? (await steps.open(form.nextHandle));
    if (!session)
      return (await steps.isKnownHandle(form.nextHandle))
        ? { type: "see-other", handle: form.nextHandle }
        : { type: "gone", ...(gone ?? { error: "gone" }) };
    const { handle, record, status } = session;

    if (fields.action === "language") {
      await changeLanguage(session, fields, { keep: form.step === status.step });
    } else if (fields.action === "leave") {
      if (status.state !== "awaiting_user") await sessions.leave(record.id);
    } else if (status.state === "finished") {
      // Nothing is left to be answered.
    } else if (fields.action === "check") {
      await pollBank(session);
    } else if (fields.action === "cancel") {
      if (await end(sessionRef(session), status, { type: "cancelled" })) cancelAtBank(session);
    } else if (session === atUrl && form.step === status.step) {
      if (await answer(session, fields, form.nextHandle))
        return { type: "see-other", handle: form.nextHandle };
    }
    // The same form may have been answered meanwhile, by a double click or by Continue before
    // another of its buttons: this address is an old one then.
    if (session === atUrl && (await steps.isKnownHandle(form.nextHandle)))
      return { type: "see-other", handle: form.nextHandle };
    return { type: "see-other", handle, ...(fields.action === "check" ? { checked: true } : {}) };
  };

  return Object.assign(submit, {
    async step(open: OpenSession, fields: FormFields) {
      await answer(open, fields);
    },
  });
}
