import { type AttemptKeys, countOf } from "../authorisations/attempt-keys.ts";
import type { FullCounts } from "../authorisations/attempt-counts.ts";
import type { Log } from "../log/log.ts";

/** Whose counts are full; a closed list, and never a name. */
export const exhaustedCounts = (
  { full, sessionFull }: FullCounts,
  counting: Pick<AttemptKeys, "ofAccount">,
) => [
  ...new Set([
    ...full.map((key) => countOf(key, counting)),
    ...(sessionFull ? (["session"] as const) : []),
  ]),
];

/** The line that alerts an operator (docs/operations.md), one for each count that is full. */
export function logAttemptLimit(
  log: Log,
  authorisationId: string,
  counts: ReturnType<typeof exhaustedCounts>,
): void {
  for (const reason of counts) log.warn("attempt limit reached", { authorisationId, reason });
}
