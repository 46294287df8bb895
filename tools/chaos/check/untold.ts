import type { Case } from "./by-authorisation.ts";
import type { Violation } from "./promises.ts";

/** The clocks of the receiver and of the simulator are the machine's, and read in two processes. */
const clockMs = 5;

/** What the provider's own systems were not told of, or told under two ids. */
export function untold({ id, acknowledged, stored, told, patches }: Case): Violation[] {
  if (!stored?.events) return [];
  const found: Violation[] = [];
  const say = (rule: Violation["rule"], detail: string) => found.push({ rule, id, detail });
  const { written } = stored.events;
  const taken = told.filter((event) => event.taken);
  for (let sequence = 1; sequence <= written; sequence += 1)
    if (!taken.some((event) => event.sequence === sequence))
      say("lost", `its event ${sequence} of ${written} was never taken`);
  const idOf = new Map<number, string>();
  for (const { sequence, event, type } of told) {
    if (sequence > written) say("wrong", `its event ${sequence} (${type}) is not on record`);
    if ((idOf.get(sequence) ?? event) !== event)
      say("doubled", `its event ${sequence} (${type}) came under two ids`);
    idOf.set(sequence, event);
  }
  const has = (type: string) => taken.some((event) => event.type === type);
  if (acknowledged && !has("sage.notification.received"))
    say("lost", "acknowledged, and the provider was never told of the notification");
  if (stored.claimed && !has("reauthorisation.started"))
    say("lost", "claimed, and the provider was never told of the start");
  if (stored.result && !has("reauthorisation.finished"))
    say("lost", `ended ${stored.result}, and the provider was never told of the end`);
  // A grant is required of every bank in such a test bed: Sage hears of no success before it is
  // at the provider's.
  const granted = taken.filter(({ type, grant }) => grant && type === "reauthorisation.finished");
  const grantedAt = Math.min(Infinity, ...granted.map(({ at }) => at));
  for (const { applied, at } of patches)
    if (applied && at + clockMs < grantedAt)
      say("wrong", "Sage was told of a success whose grant the provider did not have");
  return found;
}
