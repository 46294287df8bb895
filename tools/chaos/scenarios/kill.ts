import { setTimeout as pause } from "node:timers/promises";
import { pick } from "../../../simulator/draws.ts";
import { deliveries } from "../phrases.ts";
import type { Scenario } from "../scenario.ts";

export const kill: Scenario = {
  name: "kill",
  fault: "replica killed (kill -9) at any point",
  promised:
    "acknowledged is durable; outcome by another replica within 15 s (p99); the person " +
    "goes on anywhere",
  promises: { may503: false, mayCut: true, delivery: { share: 0.99, withinMs: 15_000 } },
  testBed: { settings: { PROVIDER_API_REQUESTS_PER_SECOND: "100" } },
  rounds: 25,
  async run({ load, replicas, history, draw }, rounds) {
    const people = load({ persons: 50 });
    await pause(7000);
    for (let round = 0; round < rounds; round++) {
      const replica = pick(draw, replicas);
      await replica.kill();
      history.note({ what: "fault", fault: `kill replica ${replica.number}`, count: 1 });
      await replica.start();
      await pause(1000 + draw() * 1000);
    }
    await people.stop();
  },
  measured: deliveries,
};
