import { setTimeout as wait } from "node:timers/promises";

/**
 * The process's clock. It decides nothing about an authorisation (the database's clock does, design
 * decision 5); it serves JWT times, token reuse, waiting and measuring.
 */
export interface Clock {
  /** Wall-clock time, for comparing with times in a JWT. */
  now: () => Date;
  /** Milliseconds that never jump, for measuring durations and holding waits. */
  monotonicMs: () => number;
  /** Resolves after `ms` milliseconds; rejects with the signal's reason when aborted. */
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /**
   * Resolves when `work` is done or after `ms` milliseconds, whichever is first; the work goes on.
   * Its failure is the caller's to see on `work` itself.
   */
  atMost: (ms: number, work: Promise<unknown>) => Promise<void>;
  /**
   * Runs `work` with a signal that aborts after `ms` milliseconds, and with `other`. Nothing of it
   * stays once the work is done: a timer left behind keeps the whole request it was made in alive.
   */
  within: <T>(
    ms: number,
    work: (signal: AbortSignal) => Promise<T>,
    other?: AbortSignal | null,
  ) => Promise<T>;
}

/**
 * Starts to measure. What it returns tells the milliseconds since, by whichever clock saw more: the
 * monotonic one stands still while the machine is suspended (CLOCK_MONOTONIC), the wall clock may
 * be set back. For deadlines after which something must no longer be done.
 */
export function startStopwatch(clock: Pick<Clock, "now" | "monotonicMs">): () => number {
  const monotonic = clock.monotonicMs();
  const wall = clock.now().getTime();
  return () => Math.max(clock.monotonicMs() - monotonic, clock.now().getTime() - wall);
}

export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  sleep: async (ms, signal) => {
    await wait(ms, undefined, signal ? { signal } : {});
  },
  // A timer that is cleared and no signal that aborts: an abort makes an error with a stack, and
  // every statement that waits its turn comes through here.
  atMost: (ms, work) =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      const done = () => {
        clearTimeout(timer);
        resolve();
      };
      work.then(done, done);
    }),
  async within(ms, work, other) {
    const over = new AbortController();
    const follow = () => over.abort(other?.reason);
    if (other?.aborted) follow();
    other?.addEventListener("abort", follow);
    const timer = setTimeout(() => over.abort(new DOMException("time over", "TimeoutError")), ms);
    try {
      return await work(over.signal);
    } finally {
      clearTimeout(timer);
      other?.removeEventListener("abort", follow);
    }
  },
};
