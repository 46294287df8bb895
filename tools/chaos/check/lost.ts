import type { Case } from "./by-authorisation.ts";
import type { Violation } from "./promises.ts";

/** What was acknowledged and is not there, or was reached and never told. */
export function lost({ id, acknowledged, stored, saw, patches }: Case): Violation[] {
  const found: Violation[] = [];
  const say = (detail: string) => found.push({ rule: "lost", id, detail });
  if (acknowledged && !stored) say("the notification was acknowledged and is not stored");
  // No run lasts until the end of an authorisation, so nothing may be given up in it.
  if (stored?.result === "authorised" && !patches.some(({ applied }) => applied))
    say(`authorised, and Sage was never told (${stored.delivery})`);
  if (stored?.result && stored.delivery === null) say("the session ended without an outcome");
  if (stored?.claimed && stored.state === null) say("claimed, without a session");
  for (const { ending } of saw)
    if (/^(gave up|broke)/.test(ending)) say(`the journey had no end: ${ending}`);
  return found;
}
