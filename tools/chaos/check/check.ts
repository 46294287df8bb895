import type { HistoryEvent } from "../history.ts";
import { answers } from "./answers.ts";
import { byAuthorisation, only } from "./by-authorisation.ts";
import { doubled } from "./doubled.ts";
import { maxWithinASecond, quantile } from "../../../testing/figures.ts";
import { deliveryTimes, late } from "./late.ts";
import { lost } from "./lost.ts";
import { lateCalls, type Promises, type Violation } from "./promises.ts";
import { stale } from "./stale.ts";
import { untold } from "./untold.ts";
import { wrong } from "./wrong.ts";

/** What a history comes to in numbers. */
export interface Figures {
  injected: number;
  journeys: number;
  successes: number;
  lost: number;
  wrong: number;
  doubled: number;
  unclearAttempts: number;
  probablyApplied: number;
  answers503: number;
  cut: number;
  slowest503Ms: number;
  deliveryP50Ms: number;
  deliveryP99Ms: number;
  maxPatchesInASecond: number;
  measured: Readonly<Record<string, number>>;
}

export interface Verdict {
  violations: Violation[];
  figures: Figures;
}

/** Decides from a history alone whether what was promised was kept. Pure. */
export function check(events: readonly HistoryEvent[], promises: Promises): Verdict {
  const cases = byAuthorisation(events);
  const measured = Object.fromEntries(
    only(events, "measured").map(({ name, value }) => [name, value]),
  );
  const maxPatches = maxWithinASecond(only(events, "patch").map(({ at }) => at));
  const { ratePerSecond, atMost = {}, atLeast = {} } = promises;

  const violations: Violation[] = [
    ...cases.flatMap((each) => [
      ...lost(each),
      ...wrong(each),
      ...doubled(each),
      ...stale(each, promises),
      ...untold(each),
    ]),
    ...(promises.timed === false ? [] : late(cases, promises)),
    ...answers(events, promises),
    ...only(events, "exit").map(({ replica, detail }): Violation => ({
      rule: "process",
      detail: `replica ${replica} ended: ${detail}`,
    })),
    ...only(events, "bug").map(({ replica, detail }): Violation => ({
      rule: "process",
      detail: `replica ${replica} wrote: ${detail}`,
    })),
    ...Object.entries(atMost).flatMap(([name, max]) =>
      judged(name, measured[name], (value) => value <= max, `at most ${max}`),
    ),
    ...Object.entries(atLeast).flatMap(([name, min]) =>
      judged(name, measured[name], (value) => value >= min, `at least ${min}`),
    ),
  ];
  if (ratePerSecond !== undefined && maxPatches > ratePerSecond + lateCalls)
    violations.push({
      rule: "rate",
      detail: `${maxPatches} PATCHes within a second, not ${ratePerSecond} and a late one`,
    });

  const delivered = deliveryTimes(cases);
  const attempts = cases.flatMap(({ stored }) => stored?.attempts ?? []);
  const answered = only(events, "answer");
  const late503 = answered.filter(({ status }) => status === 503).map(({ ms }) => ms);
  const count = (rule: Violation["rule"]) =>
    new Set(
      violations
        .filter((violation) => violation.rule === rule)
        .map(({ id, detail }) => id ?? detail),
    ).size;
  return {
    violations,
    figures: {
      injected: only(events, "fault").reduce((total, { count: times }) => total + times, 0),
      journeys: only(events, "saw").length,
      successes: delivered.length,
      lost: count("lost"),
      wrong: count("wrong"),
      doubled: count("doubled"),
      unclearAttempts: attempts.filter(({ result }) => result === null || result === "unclear")
        .length,
      probablyApplied: cases.filter(({ stored }) => stored?.delivery === "probably_applied").length,
      answers503: late503.length,
      cut: answered.filter(({ status }) => status === null).length,
      slowest503Ms: Math.max(0, ...late503),
      deliveryP50Ms: quantile(delivered, 0.5),
      deliveryP99Ms: quantile(delivered, 0.99),
      maxPatchesInASecond: maxPatches,
      measured,
    },
  };
}

function judged(
  name: string,
  value: number | undefined,
  holds: (value: number) => boolean,
  wanted: string,
): Violation[] {
  if (value === undefined) return [{ rule: "measured", detail: `${name} was not measured` }];
  return holds(value)
    ? []
    : [
        {
          rule: "measured",
          detail: `${name} is ${Math.round(value * 1000) / 1000}, not ${wanted}`,
        },
      ];
}
