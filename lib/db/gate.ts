import type { Clock } from "../clock/clock.ts";
import { CodedError } from "../log/coded-error.ts";

/**
 * A door with so many places behind it. Who finds them taken waits, in order and for so long; when
 * too many wait already, nobody else may.
 */
export interface Gate {
  /**
   * Resolves with the way out, to be called once, as soon as there is a place.
   * @throws {GateClosed} when too many wait already, or after `maxWaitMs`.
   */
  enter: (maxWaitMs: number) => Promise<() => void>;
  /**
   * How hard it is to get in. 1 is a full queue; one in which the next would wait for a second is
   * 0.95. That is reckoned from the median of how long the last ones stayed: a burst, a statement
   * that takes long and a database that stood still for a moment are no overload.
   */
  pressure: () => number;
}

/** There is no place and none in sight: the caller should be told so now and not later. */
export class GateClosed extends CodedError<"queue-full" | "queue-slow"> {
  override readonly name = "GateClosed";
}

export function createGate({
  capacity,
  maxWaiting,
  clock,
}: {
  capacity: number;
  maxWaiting: number;
  clock: Clock;
}): Gate {
  let free = capacity;
  const waiting = new Set<() => void>();
  const stays = recentStays(2 * capacity);

  // A place that becomes free goes to the one who has waited longest, and is never up for grabs in
  // between.
  const leave = () => {
    const [next] = waiting;
    if (next) {
      waiting.delete(next);
      next();
    } else {
      free += 1;
    }
  };
  const release = () => {
    let left = false;
    const cameAt = clock.monotonicMs();
    return () => {
      if (left) return;
      left = true;
      stays.note(clock.monotonicMs() - cameAt);
      leave();
    };
  };

  return {
    async enter(maxWaitMs) {
      if (free > 0) {
        free -= 1;
        return release();
      }
      if (waiting.size >= maxWaiting) throw new GateClosed("queue-full");
      let enter = () => {};
      const result = new Promise<void>((resolve) => {
        enter = resolve;
        waiting.add(enter);
      });
      await clock.atMost(maxWaitMs, result);
      // Whoever is still in the queue was not called; whoever is not has the place.
      if (waiting.delete(enter)) throw new GateClosed("queue-slow");
      return release();
    },
    pressure() {
      // Every request asks, and most find nobody waiting.
      if (waiting.size === 0) return 0;
      const nextWaitsMs = (waiting.size / capacity) * stays.medianMs();
      // By itself it turns away nobody who is in the middle of a journey (decision 031).
      return Math.max(waiting.size / maxWaiting, Math.min(0.95, nextWaitsMs / longWaitMs));
    },
  };
}

const longWaitMs = 1000;

/** How long the last `most` stayed. */
function recentStays(maxCount: number) {
  const stays: number[] = [];
  return {
    note(stayedMs: number) {
      if (stays.length === maxCount) stays.shift();
      stays.push(stayedMs);
    },
    // The first ones open connections, and a few say nothing.
    medianMs: () =>
      stays.length < maxCount ? 0 : (stays.toSorted((a, b) => a - b)[(maxCount - 1) >> 1] ?? 0),
  };
}
