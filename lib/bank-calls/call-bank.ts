import type { z } from "zod";
import {
  type BankRequest,
  type Banks,
  type CallOptions,
  type Grant,
  oversizedPart,
  type Undo,
  undoSchema,
  type WithoutGrant,
} from "../banks/bank-adapter.ts";
import { challengeKinds } from "../challenges/index.ts";
import type { Clock } from "../clock/clock.ts";
import { RemoteFault } from "../http/http.ts";
import { CodedError } from "../log/coded-error.ts";
import { errorFields, type Log } from "../log/log.ts";
import type { SessionRef } from "../journey/session-steps.ts";

/** A session whose bank is being asked. */
export interface BankCallSession extends SessionRef {
  request: BankRequest;
}

/**
 * How long a bank may take over one call; shorter than the deadline of a claimed step, so that its
 * answer is still in time to be stored.
 */
export const bankTimeMs = 30_000;

const bankTimeout = "bank-timeout";

/**
 * Where an answer was sent and nothing came back, also where an adapter's own client gave up first
 * (lib/http/http.ts). A bank that answers 503 has said that it judged nothing.
 */
const isUnclear = ({ code, neverSent }: RemoteFault) =>
  code === bankTimeout || (!neverSent && (code === "timeout" || code === "network"));

/** What came of asking: a result of the shape that was expected, or why there is none. */
export type BankCallResult<Result> = (
  | {
      type: "bank-answered";
      result: WithoutGrant<Result>;
      externalId: string;
      /** What reads the accounts from now on, encrypted to the provider's key (compact JWE). */
      grant?: string;
    }
  | {
      type: "bank-away";
      /** Whether it may have judged the answer all the same. */ unclear?: true;
    }
  | { type: "bank-failed"; reason: "unexpected" | "unknown-challenge" }
) & {
  /** What undoes the result. */
  undo?: Undo;
  /** What the adapter has begun besides, and has to undo whatever becomes of the result. */
  begun?: readonly Undo[];
};

/** A result that no session can go on with; closed, safe to log. */
class UnusableBankResult extends CodedError<"grant-too-large" | "undo-too-large"> {
  override readonly name = "UnusableBankResult";
}

interface CallDeps {
  clock: Clock;
  log: Log;
  timeMs?: number;
  /** The key of the bank's provider; without it grants are dropped. */
  grants?: Banks["grants"];
  /** Takes what must be undone of an adapter that goes on after its time is over. */
  storeUndo?: ((undo: Undo) => void) | undefined;
}

/**
 * One call of a bank adapter: bounded by time and schema, whatever the adapter does. Never throws.
 * A grant is encrypted here, before anything else sees it.
 */
export async function callBank<Result>(
  { authorisationId, request }: BankCallSession,
  call: (request: BankRequest, limits: CallOptions) => Promise<unknown>,
  schema: z.ZodType<Result>,
  { clock, log, timeMs = bankTimeMs, grants, storeUndo }: CallDeps,
): Promise<BankCallResult<Result>> {
  const told = new Map<string, Undo>();
  let storeLate: ((undo: Undo) => void) | undefined;
  const mustUndo = (undo: Undo) => (storeLate ? storeLate(undo) : void told.set(undo.id, undo));
  const withUndo = (undo?: Undo) => {
    const begun = [...told.values()].filter(({ id }) => id !== undo?.id);
    return { ...(undo ? { undo } : {}), ...(begun.length > 0 ? { begun } : {}) };
  };
  try {
    const result = await clock.within(timeMs, (signal) => {
      const timeOver = new Promise<never>((_, reject) => {
        signal.addEventListener("abort", () => reject(new RemoteFault(bankTimeout)), {
          once: true,
        });
      });
      // In a function of its own, so that an adapter that throws at once is caught like one that
      // rejects.
      const asking = async () => {
        const said = await call(request, { signal, mustUndo });
        // Kept whatever becomes of it: nobody reads a result that comes too late or is not usable.
        const undo = undoIn(said);
        if (undo) mustUndo(undo);
        return said;
      };
      return Promise.race([asking(), timeOver]);
    });
    if (asksForUnknown(result))
      return { type: "bank-failed", reason: "unknown-challenge", ...withUndo() };
    const oversized = oversizedPart(result);
    if (oversized) throw new UnusableBankResult(`${oversized}-too-large`);
    const { grant, undo, ...said } = partsOf(schema.parse(result));
    const encrypted =
      grant === undefined ? undefined : await grants?.(request.bankId)?.encrypt(grant);
    return {
      type: "bank-answered",
      ...said,
      externalId: request.externalId,
      ...(encrypted === undefined ? {} : { grant: encrypted }),
      ...withUndo(undo),
    };
  } catch (error) {
    if (error instanceof RemoteFault) {
      log.warn("bank away", {
        authorisationId,
        reason: isCode(error.code) ? error.code : "unnamed",
        ...(error.paths.length > 0 ? { paths: error.paths } : {}),
      });
      return { type: "bank-away", ...(isUnclear(error) ? { unclear: true } : {}), ...withUndo() };
    }
    log.error("bank adapter failed", { authorisationId, ...errorFields(error) });
    return { type: "bank-failed", reason: "unexpected", ...withUndo() };
  } finally {
    storeLate = storeUndo ?? (() => undefined);
  }
}

/** What undoes a result, which itself need not be usable. */
const undoIn = (result: unknown): Undo | undefined =>
  undoSchema.safeParse((result as { undo?: unknown } | null | undefined)?.undo).data;

/** A result, and apart from it what no status and no screen may hold. */
function partsOf<Result>(parsed: Result): {
  result: WithoutGrant<Result>;
  grant?: Grant;
  undo?: Undo | undefined;
} {
  if (typeof parsed !== "object" || parsed === null)
    return { result: parsed as WithoutGrant<Result> };
  const { grant, undo, ...result } = parsed as {
    grant?: Grant;
    undo?: Undo;
  };
  return { result: result as WithoutGrant<Result>, ...(grant == null ? {} : { grant }), undo };
}

/** An adapter's code goes into the log; a text of the bank's in its place does not. */
const isCode = (code: string) => /^[a-z]+(-[a-z]+){0,5}$/.test(code) && code.length <= 40;

function asksForUnknown(result: unknown): boolean {
  const kind = (result as { challenge?: { kind?: unknown } } | null)?.challenge?.kind;
  return typeof kind === "string" && !challengeKinds.some((known) => known.kind === kind);
}
