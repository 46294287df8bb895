import { type Banks, bankRedirectSchema } from "../banks/bank-adapter.ts";
import type { DeliverOutcome } from "../delivery/deliver-outcome.ts";
import type { Clock } from "../clock/clock.ts";
import type { Log } from "../log/log.ts";
import { callBank } from "./call-bank.ts";
import type { RequestFor } from "./bank-request.ts";
import type { Gone } from "../journey/screen.ts";
import { sessionRef, type SessionSteps } from "../journey/session-steps.ts";
import { transition } from "../journey/transition.ts";

/**
 * Where somebody who follows the link to their bank is to go: there, or back to their screen, which
 * says why not.
 */
export type BankRedirect =
  { type: "bank"; url: string } | { type: "screen" } | ({ type: "gone" } & Gone);

/**
 * How long a bank may take over the address of its page; somebody waits for the page with nothing
 * on the screen.
 */
const redirectTimeoutMs = 8000;

/**
 * The way to a page of the bank's own whose address is asked for when it is gone to, since it does
 * not last (RFC 9126 §2.2: seconds). It claims nothing and answers nothing: the person may come
 * back by the browser's Back and go again.
 * @throws DatabaseUnavailable
 */
export function createRedirectToBank(deps: {
  bank: Banks;
  steps: SessionSteps;
  deliver: DeliverOutcome;
  requestFor: RequestFor;
  clock: Clock;
  log: Log;
}): (handle: string) => Promise<BankRedirect> {
  const { bank, steps, deliver, requestFor, clock, log } = deps;
  return async (handle) => {
    const open = await steps.open(handle);
    if (!open) return { type: "gone", ...(await steps.describeGone(handle)) };
    const { status } = open;
    if (status.state !== "awaiting_user" || status.content.challenge.kind !== "redirect")
      return { type: "screen" };
    const { challenge, adapterState: state } = status.content;
    const session = { ...sessionRef(open), request: await requestFor(open) };
    const said = await callBank(
      session,
      async (request, limits) => bank.redirectToBank?.({ ...request, challenge, state }, limits),
      bankRedirectSchema.optional(),
      { clock, log, timeMs: redirectTimeoutMs },
    );
    // No link of ours leads here then, and a GET that somebody made up must end nothing.
    if (said.type === "bank-answered")
      return said.result ? { type: "bank", url: said.result.url } : { type: "screen" };
    const next = transition(
      status,
      said.type === "bank-away"
        ? { type: "redirect-failed" }
        : { type: "call-failed", reason: said.reason },
    );
    if (next && (await steps.move(session, status, next)) && next.state === "finished")
      await deliver.soon(session.authorisationId);
    return { type: "screen" };
  };
}
