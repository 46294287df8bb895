import type { Case } from "./by-authorisation.ts";
import type { Violation } from "./promises.ts";

const success = /^authorised/;
// Labels an operator reads; each must be deserved.
const appliedStates = ["delivered", "probably_applied"];

/** What was said or stored and is not so. */
export function wrong({ id, saw, patches, stored }: Case): Violation[] {
  const found: Violation[] = [];
  const say = (detail: string) => found.push({ rule: "wrong", id, detail });
  const applied = patches.filter((patch) => patch.applied);
  const result = stored?.result ?? null;

  if (applied.length > 0 && result !== "authorised")
    say(`Sage was told of a success, and the session ended ${result}`);
  if (stored && appliedStates.includes(stored.delivery ?? "") && applied.length === 0)
    say(`${stored.delivery}, and Sage applied nothing`);
  if (stored?.delivery === "undeliverable" && applied.length > 0)
    say("undeliverable, and Sage applied it");
  if (stored?.delivery === "probably_applied" && !unclearBefore(stored.attempts))
    say("probably applied, and no attempt was unclear");

  for (const { ending, truthful, exact } of saw) {
    if (/^(gave up|broke)/.test(ending)) continue;
    if (!truthful.includes(ending))
      say(`the person was shown ${ending} and not ${truthful.join(" or ")}`);
    if (result !== null && success.test(ending) !== (result === "authorised"))
      say(`the person was shown ${ending}, and the session ended ${result}`);
    if (ending === "authorised" && applied.length === 0)
      say("the person was shown that Sage knows, and Sage applied nothing");
    if (exact === false) say("the way back was not the frozen address with the frozen state");
  }
  return found;
}

/**
 * Whether an attempt before the last one may have been applied: it was unclear, or its process
 * died.
 */
const unclearBefore = (attempts: readonly { result: string | null }[]) =>
  attempts.slice(0, -1).some(({ result }) => result === null || result === "unclear");
