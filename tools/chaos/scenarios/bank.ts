import { setTimeout as pause } from "node:timers/promises";
import { deliveries } from "../phrases.ts";
import type { Scenario } from "../scenario.ts";

const badUsers = [
  "user_hangs",
  "user_broken",
  "user_nonsense",
  "user_unknown_kind",
  "user_down",
  "user_slow",
] as const;

export const bank: Scenario = {
  name: "bank",
  fault: "bank adapter hangs, throws, answers nonsense or the unknown, is away or slow",
  promised: "bounded by time and schema; a truthful end for everybody; one call for each answer",
  promises: { may503: false, mayCut: false, delivery: { share: 0.99, withinMs: 15_000 } },
  testBed: { settings: { PROVIDER_API_REQUESTS_PER_SECOND: "100" } },
  rounds: 15,
  async run({ load, history }, rounds) {
    const good = load({ persons: 30 });
    const bad = load({ persons: 40, users: badUsers });
    await pause(rounds * 2000);
    await Promise.all([good.stop(), bad.stop()]);
    history.note({ what: "fault", fault: "journeys with a bank that fails", count: bad.journeys });
  },
  measured: deliveries,
};
