import { waitUntil } from "../../../testing/wait-until.mjs";
import { rates } from "../phrases.ts";
import type { Scenario } from "../scenario.ts";

const ratePerSecond = 10;
const waiting = 500;

export const rate: Scenario = {
  name: "rate",
  fault: `Provider API away until ${waiting} outcomes wait`,
  promised: `afterwards no more than ${ratePerSecond} calls in any 1 s, and a late one, over three replicas, and ≥ 90 % of that used`,
  promises: {
    may503: false,
    mayCut: false,
    delivery: { share: 0.99, withinMs: 180_000 },
    ratePerSecond,
    atLeast: { "share of the rate used, %": 90 },
  },
  testBed: {
    finishingMs: 1000,
    settings: { PROVIDER_API_REQUESTS_PER_SECOND: String(ratePerSecond) },
  },
  rounds: 1,
  async run({ load, cluster, database, history, sage }) {
    await sage.setRandomFaults({ patch: { share: 1, faults: [{ status: 503 }] } });
    const people = load({ persons: 200, users: ["user_good"] });
    const count = async () =>
      (
        await cluster.query(
          database,
          `SELECT count(*)::int AS count FROM outcomes WHERE state = 'pending'`,
        )
      ).rows[0].count;
    await waitUntil(async () => (await count()) >= waiting, {
      what: `${waiting} outcomes to wait`,
      withinMs: 180_000,
    });
    await people.stop();
    history.note({
      what: "fault",
      fault: "PATCHes answered 503",
      count: (await sage.weatherMet()).patch,
    });
    const from = performance.timeOrigin + performance.now();
    await sage.clearRandomFaults();
    // While hundreds wait: what is left towards the end may not be due yet.
    const most = 400;
    const applied = async () =>
      (await sage.providerCalls())
        .filter((call) => call.applied && call.at >= from)
        .map(({ at }) => at);
    await waitUntil(async () => (await applied()).length >= most, {
      what: `${most} deliveries`,
      withinMs: 120_000,
    }).catch(() => undefined);
    const moments = (await applied()).slice(0, most);
    const perSecond = (moments.length - 1) / (((moments.at(-1) ?? 0) - (moments[0] ?? 0)) / 1000);
    history.note({
      what: "measured",
      name: "share of the rate used, %",
      value: (perSecond / ratePerSecond) * 100,
    });
  },
  measured: (figures) =>
    `${rates(figures)}; ${(figures.measured["share of the rate used, %"] ?? 0).toFixed(1)} % of the rate used`,
};
