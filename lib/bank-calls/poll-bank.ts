import type { z } from "zod";
import type { RunningStatus, SessionStatus } from "../authorisations/session.ts";
import type { SessionStore } from "../authorisations/session-store.ts";
import { type Banks, pollSchema } from "../banks/bank-adapter.ts";
import { kindOf } from "../challenges/index.ts";
import type { DeliverOutcome } from "../delivery/deliver-outcome.ts";
import { createPendingWork } from "../clock/pending-work.ts";
import type { Clock } from "../clock/clock.ts";
import { errorFields, type Log } from "../log/log.ts";
import { inlineWaitMs } from "./ask-bank.ts";
import { type BankCallResult, callBank } from "./call-bank.ts";
import type { RequestFor } from "./bank-request.ts";
import { sessionRef, type OpenSession, type SessionSteps } from "../journey/session-steps.ts";
import { transition } from "../journey/transition.ts";
import { createStoreResult, storeLateUndo, type StoreUndo } from "./store-result.ts";

export interface PollBank {
  /**
   * Asks the bank whether the person is done elsewhere, if the pending challenge waits for that and
   * it is time to ask again: of any number of tabs, replicas and presses of "Check now" one asks,
   * by the database's clock. Resolves when the bank said something or after 2 s.
   * @returns whether it was asked.
   * @throws DatabaseUnavailable
   */
  (session: OpenSession): Promise<boolean>;
  /** Waits for everything that still goes on. */
  settled: () => Promise<void>;
}

export function createPollBank(deps: {
  bank: Banks;
  sessions: SessionStore;
  steps: SessionSteps;
  deliver: DeliverOutcome;
  storeUndo?: StoreUndo;
  requestFor: RequestFor;
  clock: Clock;
  log: Log;
}): PollBank {
  const { bank, sessions, steps, deliver, storeUndo, requestFor, clock, log } = deps;
  const pending = createPendingWork();
  const storeResult = createStoreResult({ steps, deliver, storeUndo, clock });

  const work = async (open: OpenSession, everySeconds: number) => {
    const { record, status } = open;
    if (status.state !== "awaiting_user") return;
    const { challenge, adapterState: state } = status.content;
    const session = { ...sessionRef(open), request: await requestFor(open) };
    const said = await callBank(
      session,
      async (request, limits) => bank.poll?.({ ...request, challenge, state }, limits),
      pollSchema,
      {
        clock,
        log,
        grants: bank.grants,
        storeUndo: storeLateUndo({ storeUndo, session, pending, clock, log }),
      },
    );
    const next = nextOf(status, said);
    // What was counted when the app was asked ends with its approval.
    const verdict =
      said.type === "bank-answered" && said.result.type === "authorised" ? "accepted" : undefined;
    await storeResult(session, status, next, said, verdict);
    if (said.type === "bank-away") await sessions.pollAgain(record.id, status.step, everySeconds);
    if (said.type === "bank-answered" && said.result.type === "pending")
      await sessions.pollAgain(record.id, status.step, said.result.pollSeconds ?? everySeconds);
  };

  const pollBank = async (open: OpenSession) => {
    const { record, status } = open;
    if (status.state !== "awaiting_user" || !bank.poll) return false;
    const { pollSeconds } = kindOf(status.content.challenge);
    if (pollSeconds === undefined || !(await sessions.claimPoll(record.id, status.step)))
      return false;
    const working = pending.add(
      work(open, pollSeconds)
        // The claim passes and another poll is made; polling changes nothing at the bank.
        .catch((error: unknown) =>
          log.error("bank poll not stored", {
            authorisationId: record.authorisation_id,
            ...errorFields(error),
          }),
        ),
    );
    await clock.atMost(inlineWaitMs, working);
    return true;
  };

  return Object.assign(pollBank, { settled: () => pending.settled() });
}

/** Undefined where the person is not done, or nobody knows. */
function nextOf(
  status: RunningStatus,
  said: BankCallResult<z.output<typeof pollSchema>>,
): SessionStatus | undefined {
  if (said.type === "bank-failed")
    return transition(status, { type: "call-failed", reason: said.reason });
  if (said.type === "bank-away" || said.result.type === "pending") return undefined;
  return transition(status, {
    type: "bank-polled",
    result: said.result,
    externalId: said.externalId,
  });
}
