/**
 * When the rest of the time is told, in minutes before the end: once each, never every second
 * (accessibility rule 9).
 */
export const warningMinutes = [5, 1] as const;

/**
 * What is to be told of the time: how little there is already, and what is to be told later, the
 * first to come first. "Less than" stays true until the next of them is due; "about 5" would not.
 * @param secondsLeft until Sage's limit, by the database's clock.
 */
export function timeWarnings(secondsLeft: number): {
  lessThan: number | undefined;
  later: readonly number[];
} {
  const due = warningMinutes.filter((minutes) => secondsLeft <= minutes * 60);
  return {
    lessThan: due.at(-1),
    later: warningMinutes.filter((minutes) => !due.includes(minutes)),
  };
}
