/**
 * @typedef {{ seconds: number, milliseconds: number[] }} Lap how long it took in all, and each
 *   piece of work
 */

/**
 * A closed loop: each of so many callers begins its next piece of work when the last one is done.
 * Bounded in time, in count or in both.
 * @param {object} options
 * @param {number} options.callers
 * @param {number} [options.forMs] after which nothing new is begun
 * @param {number} [options.atMost] how often work is begun
 * @param {() => Promise<unknown>} work
 * @returns {Promise<Lap>}
 */
export async function closedLoop({ callers, forMs = Infinity, atMost = Infinity }, work) {
  /** @type {number[]} */
  const milliseconds = [];
  const started = performance.now();
  let begun = 0;
  let failed = false;
  const caller = async () => {
    while (!failed && begun < atMost && performance.now() - started < forMs) {
      begun += 1;
      const from = performance.now();
      await work();
      milliseconds.push(performance.now() - from);
    }
  };
  const callersAtWork = Array.from({ length: callers }, () =>
    caller().catch((error) => {
      failed = true;
      throw error;
    }),
  );
  await Promise.all(callersAtWork);
  return { seconds: (performance.now() - started) / 1000, milliseconds };
}
