import path from "node:path";
import { pathToFileURL } from "node:url";
import { setTimeout as pause } from "node:timers/promises";
import { deliveries } from "../phrases.ts";
import type { Scenario } from "../scenario.ts";

const quarterHourMs = 15 * 60_000;
const shifts: Readonly<Record<number, number>> = { 1: quarterHourMs, 2: -quarterHourMs };

export const clock: Scenario = {
  name: "clock",
  fault: "clocks of two replicas off by +15 and −15 minutes",
  promised: "no decision changes (the database’s clock everywhere but in JWT times)",
  promises: { may503: false, mayCut: false, delivery: { share: 0.99, withinMs: 15_000 } },
  testBed: {
    settings: { PROVIDER_API_REQUESTS_PER_SECOND: "100" },
    environment: (replica) => ({
      NODE_OPTIONS: `--import=${pathToFileURL(path.join(import.meta.dirname, "../shift-clock.mjs")).href}`,
      CHAOS_CLOCK_SHIFT_MS: String(shifts[replica] ?? 0),
    }),
  },
  rounds: 10,
  async run({ load, history }, rounds) {
    history.note({
      what: "fault",
      fault: "clock off by a quarter of an hour",
      count: Object.keys(shifts).length,
    });
    const people = load({ persons: 40 });
    await pause(rounds * 1500);
    await people.stop();
  },
  measured: deliveries,
};
