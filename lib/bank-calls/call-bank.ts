import type { z } from "zod";
import type { CallOptions, BankRequest } from "../banks/bank-adapter.ts";
import { challengeKinds } from "../challenges/index.ts";
import type { Clock } from "../clock/clock.ts";
import { RemoteFault } from "../http/http.ts";
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
export type BankCallResult<Result> =
  | { type: "bank-answered"; result: Result; externalId: string }
  | {
      type: "bank-away";
      /** Whether it may have judged the answer all the same. */ unclear?: true;
    }
  | { type: "bank-failed"; reason: "unexpected" | "unknown-challenge" };

/**
 * One call of a bank adapter: bounded by time and schema, whatever the adapter does. Never throws.
 */
export async function callBank<Result>(
  { authorisationId, request }: BankCallSession,
  call: (request: BankRequest, limits: CallOptions) => Promise<unknown>,
  schema: z.ZodType<Result>,
  { clock, log, timeMs = bankTimeMs }: { clock: Clock; log: Log; timeMs?: number },
): Promise<BankCallResult<Result>> {
  try {
    const result = await clock.within(timeMs, (signal) => {
      const timeOver = new Promise<never>((_, reject) => {
        signal.addEventListener("abort", () => reject(new RemoteFault(bankTimeout)), {
          once: true,
        });
      });
      // In a function of its own, so that an adapter that throws at once is caught like one that
      // rejects.
      const asking = async () => call(request, { signal });
      return Promise.race([asking(), timeOver]);
    });
    if (asksForUnknown(result)) return { type: "bank-failed", reason: "unknown-challenge" };
    return { type: "bank-answered", result: schema.parse(result), externalId: request.externalId };
  } catch (error) {
    if (error instanceof RemoteFault) {
      log.warn("bank away", {
        authorisationId,
        reason: isCode(error.code) ? error.code : "unnamed",
        ...(error.paths.length > 0 ? { paths: error.paths } : {}),
      });
      return { type: "bank-away", ...(isUnclear(error) ? { unclear: true } : {}) };
    }
    log.error("bank adapter failed", { authorisationId, ...errorFields(error) });
    return { type: "bank-failed", reason: "unexpected" };
  }
}

/** An adapter's code goes into the log; a text of the bank's in its place does not. */
const isCode = (code: string) => /^[a-z]+(-[a-z]+){0,5}$/.test(code) && code.length <= 40;

function asksForUnknown(result: unknown): boolean {
  const kind = (result as { challenge?: { kind?: unknown } } | null)?.challenge?.kind;
  return typeof kind === "string" && !challengeKinds.some((known) => known.kind === kind);
}
