import { accountKeys } from "../authorisations/attempt-keys.ts";
import type { AuthorisationStore } from "../authorisations/authorisation-store.ts";
import { handleDigest, openEntryToken } from "../authorisations/handles.ts";
import type { SessionStore } from "../authorisations/session-store.ts";
import type { Banks } from "../banks/bank-adapter.ts";
import type { FormFields } from "../challenges/challenge.ts";
import { readAnswer } from "../challenges/index.ts";
import type { DeliverOutcome } from "../delivery/deliver-outcome.ts";
import { type Clock, startStopwatch } from "../clock/clock.ts";
import { orderedUuid } from "../crypto/ordered-uuid.ts";
import type { Log } from "../log/log.ts";
import type { Seals } from "../crypto/seal.ts";
import type { AskBank } from "../bank-calls/ask-bank.ts";
import type { RequestFor } from "../bank-calls/bank-request.ts";
import { goneError } from "./handle-authrefresh.ts";
import { sealLimitNotice } from "./limit-notice.ts";
import { openFirstForm } from "./first-form.ts";
import { exhaustedCounts, logAttemptLimit } from "../journey/attempt-limit-log.ts";
import type { Gone } from "../journey/screen.ts";
import type { SessionSteps } from "../journey/session-steps.ts";
import { firstStatus, transition } from "../journey/transition.ts";

/** What a post comes to: a screen to go to, or a refusal of the form. */
export type FormResult =
  | {
      type: "see-other";
      handle: string;
      /**
       * The person asked whether there is something new; where there is nothing, they are told so.
       */
      checked?: true;
      /** Why the first screen comes back (limit-notice.ts). */
      limitNotice?: string;
    }
  | { type: "unknown-bank" }
  | { type: "cross-origin-post" }
  | ({ type: "gone" } & Gone)
  /** The form could not be read. */
  | { type: "unreadable" };

/**
 * Reads the posted form; undefined for one that cannot be read. Asked for only once the handle has
 * been judged, so that a stranger's body is never waited for.
 */
export type ReadForm = () => Promise<FormFields | undefined>;

/**
 * The first post: claims the authorisation and answers the first challenge (or cancels), once. The
 * same form again leads to the same session without another claim or call; another rendering of the
 * first screen finds the authorisation gone. Where no answer is taken since too many were wrong,
 * nothing is claimed, and the first screen says so.
 */
export function createClaimAuthorisation(deps: {
  authorisations: AuthorisationStore;
  sessions: SessionStore;
  steps: SessionSteps;
  bank: Banks;
  askBank: AskBank;
  deliver: DeliverOutcome;
  seals: Seals;
  requestFor: RequestFor;
  clock: Clock;
  log: Log;
}): (entryToken: string, readForm: ReadForm, locale: string) => Promise<FormResult> {
  const { authorisations, sessions, steps, bank, askBank, deliver, seals, requestFor, clock, log } =
    deps;

  return async (entryToken, readForm, locale) => {
    const parameters = await openEntryToken(seals, entryToken);
    if (!parameters) return { type: "gone", error: "gone" };
    const fields = await readForm();
    if (!fields) return { type: "unreadable" };
    // Nobody who chooses a language has answered; before the claim there is nowhere to keep it but
    // in the address (docs/decisions/049).
    if (fields.action === "language") return { type: "see-other", handle: entryToken };
    const form = await openFirstForm(seals, entryToken, fields.form_token ?? "");
    if (!form) return { type: "cross-origin-post" };
    const { handle, shown } = form;
    const seeOther: FormResult = { type: "see-other", handle };
    const match = await authorisations.match(parameters, { bind: false });
    // The form that started it, posted again, leads to where it led, whatever is to be seen there
    // by now.
    const otherwise = async (): Promise<FormResult> => {
      if (await steps.isKnownHandle(handle)) return seeOther;
      return {
        type: "gone",
        error: goneError(
          match.type === "open" ? await authorisations.match(parameters, { bind: false }) : match,
        ),
      };
    };
    if (match.type !== "open") return otherwise();

    const description = bank.describe(match.bankId);
    // Taken out since the screen was shown, perhaps with another entry in its place; nothing is
    // claimed, so that it can go on once the bank is there again.
    if (!description || (shown && !bank.describe(match.bankId, "session", shown.state)))
      return { type: "unknown-bank" };
    const first = firstStatus(shown ?? description);
    const cancelling = fields.action === "cancel";
    const read = cancelling
      ? undefined
      : readAnswer(first.content.challenge, fields, { now: clock.now() });
    const answer = read && "answer" in read ? read.answer : undefined;
    const event =
      read && "problems" in read
        ? ({ type: "invalid", fields, problems: read.problems } as const)
        : ({ type: "answered", fields } as const);
    const next = cancelling ? first : transition(first, event);
    if (!next || next.state === "finished") throw new Error("the first screen leads nowhere");

    const id = orderedUuid(clock.now());
    const sinceClaimMs = startStopwatch(clock);
    const { authorisationId, externalId } = parameters;
    const counting = accountKeys(seals, {
      bankId: match.bankId,
      externalId,
      person:
        answer &&
        bank.userIdentifier?.(
          answer,
          { bankId: match.bankId, externalId },
          first.content.adapterState,
        ),
    });
    const claimed = await sessions.claim(
      parameters,
      { id, handleDigest: handleDigest(handle), locale, ...(await steps.seal(handle, id, next)) },
      counting,
    );
    if (claimed.type === "limited") {
      logAttemptLimit(log, authorisationId, exhaustedCounts(claimed, counting));
      return {
        type: "see-other",
        handle: entryToken,
        limitNotice: sealLimitNotice(seals, entryToken, claimed.retrySeconds, clock),
      };
    }
    if (claimed.type !== "claimed") return otherwise();
    log.info("authorisation claimed", { authorisationId });
    const { bankId } = match;

    const ended = cancelling && transition(first, { type: "cancelled" });
    if (ended) {
      if (await steps.move({ handle, id, bankId, authorisationId, externalId }, first, ended))
        await deliver.soon(authorisationId);
    } else if (answer && next.state === "awaiting_bank") {
      const request = await requestFor({
        handle,
        record: {
          bank_id: bankId,
          external_id: externalId,
          bank_account: parameters.bankAccount,
          locale,
        },
      });
      await askBank({
        handle,
        id,
        bankId,
        authorisationId,
        externalId,
        request,
        status: next,
        answer,
        limit: { ...claimed, full: exhaustedCounts(claimed, counting) },
        sinceClaimMs,
      });
    }
    return seeOther;
  };
}
