import type { Case } from "./by-authorisation.ts";
import type { Promises, Violation } from "./promises.ts";

// The database's times are whole milliseconds, and a request takes a moment from there to here.
const tolerance = { beforeMs: 5, afterMs: 500 };

/**
 * PATCHes that came when no attempt was under its lease: sent by an owner that had lost it. Each
 * attempt stands for one of them.
 */
export function stale({ id, patches, stored }: Case, { leaseMs }: Promises): Violation[] {
  if (leaseMs === undefined) return [];
  const free = [...(stored?.attempts ?? [])];
  const unexplained = patches
    .toSorted((a, b) => a.at - b.at)
    .filter(({ at }) => {
      // The last attempt that may have sent it, so that earlier ones stay for what is late.
      const attempt = free.findLastIndex(
        ({ startedAt }) =>
          at >= startedAt - tolerance.beforeMs && at <= startedAt + leaseMs + tolerance.afterMs,
      );
      if (attempt >= 0) free.splice(attempt, 1);
      return attempt < 0;
    });
  return unexplained.map(() => ({
    rule: "stale",
    id,
    detail: "a PATCH came after the lease of its attempt",
  }));
}
