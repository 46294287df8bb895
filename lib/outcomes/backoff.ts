const baseMs = 500
const capMs = 30_000

/**
 * How long to wait before an outcome is sent again: full jitter under a doubling ceiling (a random wait between 0 and 500 ms, 1 s, 2 s … 30 s). With full jitter, replicas that
 * failed together do not come back together. A `Retry-After` is a floor the jitter is added to, for the same reason: everyone it was told to comes back at that very moment.
 *
 * @param attempt attempts made so far, from 1.
 * @param options `retryAfterMs`: what the Provider API asked for, in milliseconds; `random`: a number in [0, 1), `Math.random` in the product.
 * @returns milliseconds.
 */
export function retryDelayMs(attempt: number, { retryAfterMs = 0, random }: { retryAfterMs?: number | undefined; random: () => number }): number {
  return Math.round(retryAfterMs + random() * Math.min(capMs, baseMs * 2 ** (attempt - 1)))
}
