// How hard the process has it, as one number: 1 is where latency would collapse.
import { monitorEventLoopDelay } from "node:perf_hooks";
import { getHeapStatistics } from "node:v8";

type Source = "event-loop" | "heap" | "database-queue";

/** The source that presses most. */
export interface Reading {
  source: Source;
  pressure: number;
}

/** The heap's share is of what it may have at most. */
export interface Gauges {
  loopDelayMs: number;
  heapShare: number;
  databaseQueue: number;
}

const looksEveryMs = 1000;
const resolutionMs = 20;
/**
 * Each request goes round the event loop some ten times. A busy machine alone delays it by tens of
 * milliseconds.
 */
const maxLoopDelayMs = 400;

/**
 * Pure: what the gauges say. The heap counts from half full on, because it is allowed to fill
 * before it is collected. The memory of the process is no gauge: most of what is resident is
 * program text that the kernel takes back when it needs the room, and what grows with load is the
 * heap.
 */
export function readPressure({ loopDelayMs, heapShare, databaseQueue }: Gauges): Reading {
  const readings: Reading[] = [
    { source: "event-loop", pressure: loopDelayMs / maxLoopDelayMs },
    { source: "heap", pressure: Math.max(0, (heapShare - 0.5) / 0.4) },
    { source: "database-queue", pressure: databaseQueue },
  ];
  return readings.reduce((max, each) => (each.pressure > max.pressure ? each : max));
}

/**
 * Watches this process. Loop and heap are looked at once a second; the loop by its median delay, so
 * that one pause (a collection, a thaw) is no pressure.
 * @param databaseQueue how full the queue for the database is, from 0 to 1
 */
export function watchPressure(databaseQueue: () => number): {
  read: () => Reading;
  stop: () => void;
} {
  const histogram = monitorEventLoopDelay({ resolution: resolutionMs });
  histogram.enable();
  let slow = { loopDelayMs: 0, heapShare: 0 };
  const timer = setInterval(() => {
    const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
    slow = {
      loopDelayMs:
        histogram.count > 0 ? Math.max(0, histogram.percentile(50) / 1e6 - resolutionMs) : 0,
      heapShare: used / limit,
    };
    histogram.reset();
  }, looksEveryMs);
  timer.unref();
  return {
    read: () => readPressure({ ...slow, databaseQueue: databaseQueue() }),
    stop() {
      clearInterval(timer);
      histogram.disable();
    },
  };
}
