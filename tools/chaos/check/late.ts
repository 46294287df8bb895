import type { Case } from "./by-authorisation.ts";
import { share } from "../../../testing/figures.ts";
import type { Promises, Violation } from "./promises.ts";

/**
 * How long each success took from the end of its session to Sage, in milliseconds. Never told
 * counts as never.
 */
export function deliveryTimes(cases: readonly Case[]): number[] {
  return cases
    .filter(({ stored }) => stored?.result === "authorised" && stored.finishedAt !== null)
    .map(({ stored, patches }) => {
      const applied = patches.filter((patch) => patch.applied).map(({ at }) => at);
      // The database's times are whole milliseconds.
      return applied.length === 0
        ? Infinity
        : Math.max(0, Math.min(...applied) - (stored?.finishedAt ?? 0));
    });
}

export function late(cases: readonly Case[], { delivery }: Promises): Violation[] {
  const times = deliveryTimes(cases);
  if (times.length === 0) return [];
  const is = share(times, delivery.withinMs);
  return is >= delivery.share
    ? []
    : [
        {
          rule: "late",
          detail: `${percent(is)} delivered within ${delivery.withinMs / 1000} s, not ${percent(delivery.share)}`,
        },
      ];
}

const percent = (value: number) => `${(value * 100).toFixed(2)} %`;
