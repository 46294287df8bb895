import { z } from "zod";
import { type Banks, type Undo, undoSchema } from "../banks/bank-adapter.ts";
import type { Clock } from "../clock/clock.ts";
import type { Seals } from "../crypto/seal.ts";
import { RemoteFault } from "../http/http.ts";
import { errorFields, type Log } from "../log/log.ts";
import { eventRetryDelayMs } from "./backoff.ts";
import { createDeliverer, type Deliverer, type Destination } from "./deliverer.ts";
import type { OutboxDeliveries, OutboxDelivery, OutboxSettled } from "./outbox-deliveries.ts";

/** How long a bank may take over it, in milliseconds; shorter than the lease. */
const undoMs = 20_000;
export const undoLeaseSeconds = 25;

/** What {@link sealUndo} seals; only the same authorisation opens it. */
const sealedContent = z.object({ authorisationId: z.uuid(), undo: undoSchema });
const purpose = "undo at a bank";

/** Seals what is needed to undo something, with a key by which the same thing is found again. */
export async function sealUndo(seals: Seals, authorisationId: string, undo: Undo) {
  const mac = seals.mac(purpose, `${authorisationId} ${undo.id}`);
  return {
    key: new Uint8Array(Buffer.from(mac, "base64url")),
    sealed: await seals.seal(purpose, { authorisationId, undo }),
  };
}

interface UndoResult {
  type: "applied" | "rejected" | "postponed";
  failure?: string;
}

/**
 * Undoes at the bank what was not told as a success: a session that is cancelled, a consent that
 * was given, tokens that nobody will use. On the same mechanism as events and outcomes.
 */
export function createUndoAtBank(deps: {
  undos: OutboxDeliveries;
  bank: Pick<Banks, "undo">;
  seals: Seals;
  clock: Clock;
  log: Log;
}): Deliverer<OutboxDelivery> {
  const { undos, bank, seals, clock, log } = deps;

  const undo = async (
    { authorisationId, bankId, data, sealedUndo }: OutboxDelivery,
    signal: AbortSignal,
  ): Promise<UndoResult> => {
    const opened = sealedContent.safeParse(await seals.open(purpose, sealedUndo ?? ""));
    if (!opened.success || opened.data.authorisationId !== authorisationId)
      return { type: "rejected", failure: "not-opened" };
    const externalId = z.string().catch("").parse(data["externalId"]);
    try {
      await bank.undo?.({ bankId, externalId, undo: opened.data.undo }, { signal });
      return { type: "applied" };
    } catch (error) {
      if (error instanceof RemoteFault) return { type: "postponed", failure: codeOf(error) };
      log.error("bank adapter failed", { authorisationId, ...errorFields(error) });
      return { type: "postponed", failure: "unexpected" };
    }
  };

  const atBank: Destination<OutboxDelivery, UndoResult, OutboxSettled> = {
    leaseSeconds: undoLeaseSeconds,
    fields: () => ({}),
    take: undos.take,
    settle: (delivery, result, { retryInMs }) => undos.settle(delivery, result, retryInMs),
    attemptMs: () => undoMs,
    send: undo,
    notSent: { type: "postponed", failure: "stopped" },
    next: ({ epoch }) => ({ retryInMs: eventRetryDelayMs(epoch, { random: Math.random }) }),
    report({ authorisationId, bankId, epoch }, { type, failure }, settled, durationMs) {
      const about = {
        ...(authorisationId === null ? {} : { authorisationId }),
        ...(bankId === null ? {} : { bankId }),
      };
      log[type === "applied" ? "info" : "warn"]("undo attempt", {
        ...about,
        attempt: epoch,
        state: settled?.state ?? "lease-passed-on",
        ...(failure === undefined ? {} : { errorCode: failure }),
        durationMs: Math.round(durationMs),
      });
      if (settled?.state === "dropped")
        log.error("undo dropped", { ...about, reason: failure ?? "rejected" });
    },
  };
  return createDeliverer({ destination: atBank, clock, log });
}

/** An adapter's code; a text of the bank's in its place is not kept. */
const codeOf = ({ code }: RemoteFault) => (/^[a-z]+(-[a-z]+){0,5}$/.test(code) ? code : "unnamed");
