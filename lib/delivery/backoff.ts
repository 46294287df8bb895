// Exponential back-off with full jitter between two attempts.
const baseMs = 250;
// A person may be waiting, and a feed is: so the first repeats stay close. What has failed so often
// will not mind five seconds.
const capMs = 2000;
const lateCapMs = 5000;
const lateFrom = 9;

/**
 * How long to wait before an outcome is sent again: full jitter under a doubling ceiling (a random
 * wait between 0 and 250 ms, 500 ms, 1 s, 2 s; 5 s from the ninth on). With full jitter, replicas
 * that failed together do not come back together. A `Retry-After` is a floor the jitter is added
 * to, for the same reason: everyone it was told to comes back at that very moment. The ceiling is
 * low because a service that is away is not asked by each delivery anyway: all of them pause
 * (rate-limit.ts).
 *
 * @param attempt attempts made so far, from 1.
 * @param options `retryAfterMs`: what the Provider API asked for, in milliseconds; `random`: a
 *   number in [0, 1), `Math.random` in the product.
 * @returns milliseconds.
 */
export function retryDelayMs(
  attempt: number,
  { retryAfterMs = 0, random }: { retryAfterMs?: number | undefined; random: () => number },
): number {
  const ceiling = attempt < lateFrom ? Math.min(capMs, baseMs * 2 ** (attempt - 1)) : lateCapMs;
  return Math.round(retryAfterMs + random() * ceiling);
}

const attemptsMs = [2500, 2500, 3000, 4000];
const maxAttemptMs = 5000;

/**
 * How long an attempt may take, token included, in milliseconds. The first ones are short: one that
 * hangs usually does so for a reason that is gone the next time, and a person waits. Later ones
 * give a slow service its time. Shorter than the lease less what a call may be late, so that a
 * delivery never has two owners at once.
 */
export const attemptMs = (attempt: number): number => attemptsMs[attempt - 1] ?? maxAttemptMs;

const eventBaseMs = 1000;
const eventCapMs = 3_600_000;

/**
 * How long to wait before an event is sent again: about 1 s, 2 s, 4 s … up to an hour, half of it
 * random, and never less than the receiver asks for in `Retry-After`.
 *
 * @param attempt attempts made so far, from 1.
 * @returns milliseconds.
 */
export function eventRetryDelayMs(
  attempt: number,
  { retryAfterMs = 0, random }: { retryAfterMs?: number | undefined; random: () => number },
): number {
  const ceiling = Math.min(eventCapMs, eventBaseMs * 2 ** Math.min(attempt - 1, 30));
  return Math.round(Math.max(retryAfterMs, ceiling * (0.5 + random() / 2)));
}
