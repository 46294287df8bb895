import { setTimeout as pause } from "node:timers/promises";

const callers = 8;
const samplesPerMinute = 4;
/** A process is warm when its code is compiled and its pools are open. */
const warmUpShare = 0.2;

/**
 * Memory of the connector over a long time under steady load: what it grows by, as the slope of a
 * line through what was left after each collection of garbage.
 * @param {import('./stage.mjs').Connector} connector
 * @param {Awaited<ReturnType<typeof import('./virtual-users.mjs').createVirtualUsers>>} virtualUsers
 * @param {number} minutes
 */
export async function measureSoak(connector, virtualUsers, minutes) {
  const until = performance.now() + minutes * 60_000;
  /** @type {{ journeys: number, rss: number, heapUsed: number }[]} */
  const samples = [];
  const lookNow = async () => {
    const { rss, heapUsed } = await connector.memory();
    samples.push({ journeys: virtualUsers.begun(), rss, heapUsed });
  };
  while (performance.now() < until) {
    await virtualUsers.lap({ callers, forMs: 60_000 / samplesPerMinute });
    // Answers on their way out and sockets to be closed are no leak.
    await pause(500);
    await lookNow();
  }
  const warm = samples.slice(Math.floor(samples.length * warmUpShare));
  const per1000 = (/** @type {'rss' | 'heapUsed'} */ kind) =>
    slope(warm.map((sample) => ({ x: sample.journeys / 1000, y: sample[kind] })));
  return {
    minutes,
    journeys: virtualUsers.begun(),
    first: warm[0],
    last: warm.at(-1),
    heapPer1000: per1000("heapUsed"),
    rssPer1000: per1000("rss"),
  };
}

/**
 * Of the line that fits best (least squares).
 * @param {readonly { x: number, y: number }[]} points
 */
function slope(points) {
  const mean = (/** @type {'x' | 'y'} */ axis) =>
    points.reduce((sum, point) => sum + point[axis], 0) / points.length;
  const [x, y] = [mean("x"), mean("y")];
  const over = points.reduce((sum, point) => sum + (point.x - x) * (point.y - y), 0);
  return over / points.reduce((sum, point) => sum + (point.x - x) ** 2, 0);
}

/** @typedef {Awaited<ReturnType<typeof measureSoak>>} Soak */
