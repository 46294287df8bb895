import { median, quantile, sum } from "../../testing/statistics.mjs";

/**
 * @typedef {import('./closed-loop.mjs').Lap} Lap
 * @typedef {{ name: string, lap: () => Promise<Lap>, cpu?: () => Promise<number> }} Side `cpu`
 *   tells the processor time its server has used so far, in ms
 * @typedef {{ name: string, count: number, perSecond: number, p50: number, p99: number, cpuMs:
 *   number | null, rates: number[] }} Figures `perSecond` is the median of the rounds in `rates`;
 *   p50 and p99 are of all requests in ms; `cpuMs` is the server's processor time for one
 */

/**
 * Lets several sides run in turns, A B C A B C …, so that whatever else the machine does falls on
 * all of them. The first round warms up and does not count.
 * @param {readonly Side[]} sides
 * @param {number} rounds
 * @returns {Promise<Figures[]>} in the order of the sides
 */
export async function roundRobin(sides, rounds) {
  const laps = sides.map(() => /** @type {(Lap & { cpuMs: number })[]} */ ([]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const [index, { lap, cpu }] of sides.entries()) {
      const before = await cpu?.();
      const done = await lap();
      const after = await cpu?.();
      if (round > 0)
        laps[index]?.push({ ...done, cpuMs: (after ?? Number.NaN) - (before ?? Number.NaN) });
    }
  }
  return sides.map(({ name }, index) => figures(name, laps[index] ?? []));
}

/** @param {string} name @param {readonly (Lap & { cpuMs: number })[]} laps @returns {Figures} */
function figures(name, laps) {
  const all = laps.flatMap(({ milliseconds }) => milliseconds);
  const rates = laps.map(({ seconds, milliseconds }) => milliseconds.length / seconds);
  const cpuMs = sum(laps.map((lap) => lap.cpuMs)) / all.length;
  return {
    name,
    count: all.length,
    perSecond: median(rates),
    p50: quantile(all, 0.5),
    p99: quantile(all, 0.99),
    cpuMs: Number.isNaN(cpuMs) ? null : cpuMs,
    rates,
  };
}

/**
 * How the rate of one side compares with that of another: the median of what it was in each round,
 * with the extremes.
 * @param {Figures} figures
 * @param {Figures} reference
 */
export function ratio({ rates }, reference) {
  const each = rates.map((rate, round) => rate / (reference.rates[round] ?? Number.NaN));
  return { median: median(each), min: Math.min(...each), max: Math.max(...each) };
}
