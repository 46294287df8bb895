/**
 * @param {readonly number[]} values
 * @param {number} share between 0 and 1: 0.5 gives the median, 0.99 what 99 of 100 stay under
 */
export function quantile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** @param {readonly number[]} values */
export const median = (values) => quantile(values, 0.5);

/** @param {readonly number[]} values */
export const sum = (values) => values.reduce((total, value) => total + value, 0);
