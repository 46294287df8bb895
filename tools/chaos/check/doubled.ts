import type { Case } from "./by-authorisation.ts";
import type { Violation } from "./promises.ts";

/**
 * What happened more than once: a bank call for one answered step, a PATCH that no recorded attempt
 * stands for, an effect at Sage that no unclear attempt explains, or an attempt missing from the
 * record.
 */
export function doubled({ id, bank, patches, stored }: Case): Violation[] {
  const found: Violation[] = [];
  const say = (detail: string) => found.push({ rule: "doubled", id, detail });
  const attempts = stored?.attempts ?? [];

  const steps = new Set(bank.map(({ step }) => step));
  if (steps.size < bank.length)
    say(`the bank was asked ${bank.length} times about ${steps.size} answers`);

  if (stored && patches.length > attempts.length)
    say(`${patches.length} PATCHes and ${attempts.length} attempts on record`);
  if (attempts.some(({ number }, index) => number !== index + 1))
    say(`attempts on record: ${attempts.map(({ number }) => number).join(", ")}`);

  const applied = patches.filter((patch) => patch.applied).length;
  const unclear = attempts.filter(({ result }) => result === null || result === "unclear").length;
  if (applied > 1 + unclear)
    say(`applied ${applied} times, and only ${unclear} attempts were unclear`);
  return found;
}
