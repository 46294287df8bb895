import { setTimeout as pause } from "node:timers/promises";
import type { Fault } from "../../../simulator/control-api.ts";
import { rates } from "../phrases.ts";
import type { Scenario } from "../scenario.ts";

const share = 0.3;
const ratePerSecond = 100;

/** Everything a service may do instead of answering. A date is written anew as time goes on. */
export const faultsOfPatch = (): Fault[] => [
  { status: 429 },
  { status: 429, retryAfter: 1 },
  { status: 429, retryAfter: new Date(Date.now() + 3000).toUTCString() },
  { status: 500 },
  { status: 502, body: "<h1>Bad gateway</h1>" },
  { delayMs: 6000 },
  { resetBeforeApply: true },
  { loseReply: true },
  { trickleMs: 200 },
  { truncate: true },
  { mistype: true },
  { noise: true },
];

export const providerFaults: Scenario = {
  name: "provider-faults",
  fault: `Provider API: ${share * 100} % of the calls meet 429 (bare, with seconds, with a date), 500, 502, time-outs, resets, lost answers, trickle, truncated or wrong content, noise`,
  promised: `delivered ≥ 99.9 % within 10 s; no more than ${ratePerSecond} calls in any 1 s, and a late one; nothing given up`,
  promises: {
    may503: false,
    mayCut: false,
    delivery: { share: 0.999, withinMs: 10_000 },
    ratePerSecond,
  },
  testBed: { settings: { PROVIDER_API_REQUESTS_PER_SECOND: String(ratePerSecond) } },
  rounds: 40,
  async run({ load, history, sage }, rounds) {
    await sage.setRandomFaults({ seed: 1, patch: { share, faults: faultsOfPatch() } });
    const people = load({ persons: 80 });
    for (let round = 0; round < rounds; round++) {
      await pause(2000);
      await sage.setRandomFaults({ patch: { share, faults: faultsOfPatch() } });
    }
    await people.stop();
    history.note({
      what: "fault",
      fault: "PATCHes that met a fault",
      count: (await sage.weatherMet()).patch,
    });
  },
  measured: rates,
};
