import type { SessionStatusRow } from "../authorisations/session-record.ts";
import type { SessionStore } from "../authorisations/session-store.ts";
import type { Banks } from "../banks/bank-adapter.ts";
import type { Seals } from "../crypto/seal.ts";
import type { HandleAuthrefresh } from "../authrefresh/handle-authrefresh.ts";
import { formToken } from "../journey/form-token.ts";
import type { PollBank } from "../bank-calls/poll-bank.ts";
import type { DeliveryStatus } from "../journey/endings.ts";
import { type BankView, toBankView, type Screen } from "../journey/screen.ts";
import type { OpenSession, SessionSteps } from "../journey/session-steps.ts";
import type { ReturnUrl } from "./return-url.ts";

export interface ShowStep {
  /**
   * The screen that is due at a handle's address, and the language of its session if it has one.
   * With `poll` the bank is asked first, where the screen waits for something done elsewhere; with
   * `setLocale` that is the session's language from now on, also after its end, and nothing else
   * changes. `limitNotice` is why a first screen comes back.
   * @throws DatabaseUnavailable
   */
  (
    handle: string,
    options?: { poll?: boolean; setLocale?: string | undefined; limitNotice?: string | undefined },
  ): Promise<{ screen: Screen; locale?: string }>;
}

export function createShowStep(deps: {
  handleAuthrefresh: HandleAuthrefresh;
  sessions: SessionStore;
  steps: SessionSteps;
  bank: Banks;
  seals: Seals;
  pollBank: PollBank;
  returnUrl: ReturnUrl;
}): ShowStep {
  const { handleAuthrefresh, sessions, steps, bank, seals, pollBank, returnUrl } = deps;

  const polled = async (handle: string) => {
    const session = await steps.open(handle);
    if (!session || session.status.state !== "awaiting_user") return session;
    return (await pollBank(session)) ? steps.open(handle) : session;
  };

  return async (handle, { poll = false, setLocale, limitNotice } = {}) => {
    if (handle.includes("."))
      return { screen: await handleAuthrefresh.fromEntryToken(handle, limitNotice) };
    const session = poll ? await polled(handle) : await steps.open(handle);
    if (!session) return { screen: { type: "gone", ...(await steps.describeGone(handle)) } };
    const { id, bank_id: bankId, locale } = session.record;
    if (setLocale !== undefined && setLocale !== locale) await sessions.setLocale(id, setLocale);
    const { status } = session;
    const description = bank.describe(
      bankId,
      "session",
      status.state === "finished" ? undefined : status.content.adapterState,
    );
    return {
      screen: description
        ? screenOf(session, toBankView(description), { seals, returnUrl })
        : { type: "unknown-bank" },
      locale: setLocale ?? locale,
    };
  };
}

function screenOf(
  { handle, record, status }: OpenSession,
  bank: BankView,
  { seals, returnUrl }: { seals: Seals; returnUrl: ReturnUrl },
): Screen {
  const secondsLeft = record.seconds_left;
  const onScreen = {
    ...bank,
    handle,
    formToken: formToken(seals, handle, status.step),
    version: versionOf(record),
  };
  if (status.state === "awaiting_user")
    return {
      ...onScreen,
      secondsLeft,
      type: "challenge",
      content: status.content,
      reference: record.authorisation_id,
    };
  if (status.state === "awaiting_bank") {
    if (record.leaving)
      return { ...bank, type: "left", returnUrl: returnUrl(record), version: onScreen.version };
    return {
      ...onScreen,
      secondsLeft,
      type: "working",
      content: status.content,
      waitedSeconds: record.bank_seconds ?? 0,
    };
  }
  if (record.delivery === "pending" && !record.leaving)
    return { ...onScreen, type: "finishing", succeeded: status.result === "authorised" };
  const { result, reason, content } = status;
  return {
    ...bank,
    type: "finished",
    result,
    reason,
    content,
    deliveryStatus: deliveryStatus(record.delivery),
    returnUrl: returnUrl(record),
    retrySeconds: record.retry_seconds,
    reference: record.authorisation_id,
    version: onScreen.version,
  };
}

function deliveryStatus(delivery: OpenSession["record"]["delivery"]): DeliveryStatus {
  if (delivery === "undeliverable") return "undeliverable";
  return delivery === "pending" || delivery === "probably_applied" ? "unconfirmed" : "delivered";
}

/** What the status address answers: equal while the same screen is due. */
export function versionOf({
  state,
  step,
  delivery,
  leaving,
}: Pick<SessionStatusRow, "state" | "step" | "delivery" | "leaving">): string {
  return [
    step,
    state,
    delivery === "pending" ? "pending" : "settled",
    leaving ? "leaving" : "here",
  ].join(".");
}
