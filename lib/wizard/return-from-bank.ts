import type { SessionStore } from "../authorisations/session-store.ts";
import type { Seals } from "../crypto/seal.ts";
import { openReturnState } from "../bank-calls/bank-request.ts";
import type { GoneError } from "../journey/endings.ts";
import type { SessionSteps } from "../journey/session-steps.ts";
import type { SubmitAnswer } from "./submit-answer.ts";

/**
 * Where somebody who came back from a page of the bank's own is to go: to their screen, or nowhere,
 * since it waits for them in the window they left; where that was this frame, `inFrame` says why it
 * cannot be shown.
 */
export type Returned =
  | { type: "here"; handle: string }
  | { type: "other-window"; locale: string; frameError: GoneError }
  | { type: "gone" };

const maxQuery = 4096;

/**
 * Takes what a bank's page sends back as the answer to the pending `redirect` challenge, once. The
 * bank, its logs and the browser's history know the address, so it leads to the handle only where
 * the person is expected back in the frame, or has just come back there (a double click, Back);
 * after the end, too, if the browser says that it asks for a frame.
 * @param query the raw query of the return address.
 */
export function createReturnFromBank(deps: {
  sessions: Pick<SessionStore, "markReturned">;
  steps: SessionSteps;
  submitAnswer: SubmitAnswer;
  seals: Seals;
}): (query: string, from?: { framed?: boolean }) => Promise<Returned> {
  const { sessions, steps, submitAnswer, seals } = deps;
  return async (query, { framed = false } = {}) => {
    if (query.length > maxQuery) return { type: "gone" };
    const parameters = new URLSearchParams(query);
    const handle = await openReturnState(seals, parameters.get("state") ?? "");
    const session = handle === undefined ? undefined : await steps.open(handle);
    if (handle === undefined) return { type: "gone" };
    if (!session) {
      // Late: the person took another way meanwhile, whose address the bank must not lead to.
      const { error, locale } = await steps.describeGone(handle);
      return locale === undefined
        ? { type: "gone" }
        : { type: "other-window", locale, frameError: error };
    }
    const { status, record } = session;
    const otherWindow = {
      type: "other-window",
      locale: record.locale,
      frameError: status.state === "finished" ? "over" : "already-answered",
    } as const;
    // The bank may have been so quick that a double click on its page comes back after the end.
    if (status.state === "finished")
      return framed && record.recently_returned ? { type: "here", handle } : otherWindow;
    const { challenge } = status.content;
    const inFrame = challenge.kind === "redirect" && challenge.prompt.opens === "frame";
    if (status.state === "awaiting_user" && challenge.kind === "redirect") {
      if (inFrame) await sessions.markReturned(record.id);
      parameters.delete("state");
      await submitAnswer.step(session, { "bank-query": parameters.toString() });
    }
    return inFrame || record.recently_returned ? { type: "here", handle } : otherWindow;
  };
}
