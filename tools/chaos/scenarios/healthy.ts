import { setTimeout as pause } from "node:timers/promises";
import { deliveries } from "../phrases.ts";
import type { Scenario } from "../scenario.ts";

export const healthy: Scenario = {
  name: "healthy",
  fault: "none; journeys as they come",
  promised: "Sage is told within 1 s of the success (p99)",
  promises: {
    may503: false,
    mayCut: false,
    delivery: { share: 0.99, withinMs: 1000 },
    ratePerSecond: 10,
  },
  rounds: 30,
  async run({ load }, rounds) {
    const people = load({ persons: 30 });
    await pause(rounds * 2000);
    await people.stop();
  },
  measured: deliveries,
};
