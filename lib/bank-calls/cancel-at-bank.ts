import { z } from "zod";
import type { Banks } from "../banks/bank-adapter.ts";
import { createPendingWork } from "../clock/pending-work.ts";
import type { Clock } from "../clock/clock.ts";
import { errorFields, type Log } from "../log/log.ts";
import type { RequestFor } from "./bank-request.ts";
import { callBank } from "./call-bank.ts";
import { sessionRef, type OpenSession } from "../journey/session-steps.ts";

export interface CancelAtBank {
  /**
   * Tells the bank of a session that its person has cancelled, if it has heard of them and wants to
   * know. The person does not wait for it, and nothing depends on it.
   */
  (session: OpenSession): void;
  /** Waits for everything that still goes on. */
  settled: () => Promise<void>;
}

export function createCancelAtBank(deps: {
  bank: Banks;
  requestFor: RequestFor;
  clock: Clock;
  log: Log;
}): CancelAtBank {
  const { bank, requestFor, clock, log } = deps;
  const pending = createPendingWork();

  const tell = async (open: OpenSession) => {
    const { status } = open;
    if (status.state === "finished" || !status.content.started) return;
    const { challenge, adapterState: state } = status.content;
    await callBank(
      { ...sessionRef(open), request: await requestFor(open) },
      async (request, call) => bank.cancel?.({ ...request, challenge, state }, call),
      z.unknown(),
      { clock, log },
    );
  };

  const cancelAtBank = (open: OpenSession) => {
    if (!bank.cancel) return;
    void pending.add(
      tell(open).catch((error: unknown) => log.error("request failed", errorFields(error))),
    );
  };

  return Object.assign(cancelAtBank, { settled: () => pending.settled() });
}
