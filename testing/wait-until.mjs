import { setTimeout as pause } from "node:timers/promises";
import { PlainError } from "./progress.mjs";

/**
 * Asks again and again, 20 times a second, until the answer is yes.
 * @template T
 * @param {() => Promise<T | undefined | false>} ask a rejection counts as "not yet", but for a
 *   PlainError, which ends the waiting
 * @param {{ what: string, withinMs: number }} options `what` completes "gave up waiting for …"
 * @returns {Promise<T>} what was answered
 */
export async function waitUntil(ask, { what, withinMs }) {
  const end = performance.now() + withinMs;
  /** @type {unknown} */
  let last;
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
    } catch (error) {
      if (error instanceof PlainError) throw error;
      last = error;
    }
    if (performance.now() > end)
      throw new PlainError(
        `Gave up waiting for ${what} after ${withinMs / 1000} ` +
          `s${last instanceof Error ? `: ${last.message}` : ""}.`,
      );
    await pause(50);
  }
}
