import { closedLoop } from "./closed-loop.mjs";
import { createClient } from "./http-client.mjs";
import { steps } from "./journey.mjs";
import { roundRobin, ratio } from "./rounds.mjs";
import { quantile } from "../../testing/statistics.mjs";

const rounds = 5;
const lapMs = 2000;
const concurrency = 16;
/** More than are made in a lap. */
const provision = 400;

/**
 * Whole journeys, one after the other and sixteen at a time, and what each step of a lone one
 * takes.
 * @param {{ connector: import('./stage.mjs').Connector, emptyNext: import('./stage.mjs').Server }}
 *   servers
 * @param {Awaited<ReturnType<typeof import('./virtual-users.mjs').createVirtualUsers>>} virtualUsers
 */
export async function measureJourneys({ connector, emptyNext }, virtualUsers) {
  const emptyClient = createClient(emptyNext.url, concurrency);
  /** @type {number[][]} */
  const alone = [];
  /** @param {number} callers @param {(times: number[]) => void} [note] */
  const lap = async (callers, note) => {
    await virtualUsers.provide(provision);
    return virtualUsers.lap({ callers, forMs: lapMs }, note);
  };
  const sides = [
    {
      name: "one after the other",
      cpu: connector.cpu,
      lap: () => lap(1, (times) => alone.push(times)),
    },
    { name: `${concurrency} at a time`, cpu: connector.cpu, lap: () => lap(concurrency) },
    {
      name: "empty Next route handler",
      cpu: emptyNext.cpu,
      lap: () =>
        closedLoop({ callers: concurrency, forMs: lapMs / 2 }, () =>
          emptyClient.send({ path: "/empty" }),
        ),
    },
  ];
  const [one, many, empty] = /** @type {[Figures, Figures, Figures]} */ (
    await roundRobin(sides, rounds)
  );
  emptyClient.close();
  const settled = alone.slice(alone.length - one.count);
  const perStep = steps.map((name, step) => {
    const times = settled.map((each) => each[step] ?? Number.NaN);
    return { name, p50: quantile(times, 0.5), p99: quantile(times, 0.99) };
  });
  const { median, min, max } = ratio(empty, many);
  return {
    figures: [one, many, empty],
    perStep,
    emptyRequestsPerJourney: { median, min, max },
  };
}

/** @typedef {import('./rounds.mjs').Figures} Figures */
/** @typedef {Awaited<ReturnType<typeof measureJourneys>>} Journeys */
