import type { AnswerVerdict } from "../authorisations/session-store.ts";
import type { RunningStatus, SessionStatus } from "../authorisations/session.ts";
import type { Undo } from "../banks/bank-adapter.ts";
import type { Clock } from "../clock/clock.ts";
import type { PendingWork } from "../clock/pending-work.ts";
import type { DeliverOutcome } from "../delivery/deliver-outcome.ts";
import type { SessionRef, SessionSteps } from "../journey/session-steps.ts";
import { errorFields, type Log } from "../log/log.ts";
import { retryUntilStored } from "./retry-until-stored.ts";

/**
 * Stores what must be undone unless it belongs to the session's success; at once where the session
 * has ended. Storing the same again changes nothing.
 * @throws DatabaseUnavailable
 */
export type StoreUndo = (session: SessionRef, undo: Undo) => Promise<void>;

/** What a call of the bank gave, beside where it leads. */
interface Given {
  grant?: string;
  undo?: Undo;
  begun?: readonly Undo[];
}

/**
 * Stores where a bank's result leads and, at an end, tells Sage. What undoes a result is kept, too,
 * also where the result itself came too late: another one was stored before it, or the person has
 * cancelled.
 * @throws DatabaseUnavailable when the database stays away
 */
export function createStoreResult({
  steps,
  deliver,
  storeUndo,
  clock,
}: {
  steps: SessionSteps;
  deliver: DeliverOutcome;
  storeUndo?: StoreUndo | undefined;
  clock: Clock;
}) {
  return async (
    session: SessionRef,
    from: RunningStatus,
    to: SessionStatus | undefined,
    { grant, undo, begun = [] }: Given,
    verdict?: AnswerVerdict,
  ): Promise<void> => {
    const isSuccess = to?.state === "finished" && to.result === "authorised";
    const moved =
      to !== undefined &&
      (await retryUntilStored(clock, () =>
        steps.move(session, from, to, {
          verdict,
          ...(isSuccess && grant !== undefined ? { grant } : {}),
          ...(undo ? { undo } : {}),
        }),
      ));
    for (const left of [...(moved || !undo ? [] : [undo]), ...begun])
      await retryUntilStored(clock, async () => storeUndo?.(session, left));
    if (moved && to.state === "finished") await deliver.soon(session.authorisationId);
  };
}

/** For what an adapter begins after its time is over: nobody waits for its result any more. */
export const storeLateUndo =
  ({
    storeUndo,
    session,
    pending,
    clock,
    log,
  }: {
    storeUndo: StoreUndo | undefined;
    session: SessionRef;
    pending: PendingWork;
    clock: Clock;
    log: Log;
  }) =>
  (undo: Undo): void =>
    void pending.add(
      retryUntilStored(clock, async () => storeUndo?.(session, undo)).catch((error: unknown) =>
        log.error("bank result not stored", {
          authorisationId: session.authorisationId,
          ...errorFields(error),
        }),
      ),
    );
