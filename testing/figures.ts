export { quantile } from "./statistics.mjs";

/** The share of the values that are at most `limit`; 1 where there are none. */
export const share = (values: readonly number[], limit: number): number =>
  values.length === 0 ? 1 : values.filter((value) => value <= limit).length / values.length;

/** The most of these moments that lie within one second, wherever it begins. */
export function maxWithinASecond(moments: readonly number[]): number {
  const sorted = moments.toSorted((a, b) => a - b);
  let [max, first] = [0, 0];
  for (const [last, moment] of sorted.entries()) {
    while (moment - (sorted[first] ?? moment) >= 1000) first += 1;
    max = Math.max(max, last - first + 1);
  }
  return max;
}
