import { setTimeout as pause } from "node:timers/promises";
import { deliveries } from "../phrases.ts";
import type { Scenario } from "../scenario.ts";

/** The lease is 10 s, and an attempt may take 8 of them. */
const leaseMs = 10_000;
const frozenMs = 13_000;

export const freeze: Scenario = {
  name: "freeze",
  fault: "replica frozen for longer than its lease, then thawed (SIGSTOP, SIGCONT)",
  promised: "the stale owner writes nothing, and sends nothing but a call that it had begun",
  promises: { may503: true, mayCut: true, delivery: { share: 0.97, withinMs: 15_000 }, leaseMs },
  testBed: { settings: { PROVIDER_API_REQUESTS_PER_SECOND: "100" } },
  rounds: 6,
  async run({ load, replicas, history, sage }, rounds) {
    // Time for something to be on its way when the freeze comes.
    await sage.setRandomFaults({ patch: { share: 1, faults: [{ answerAfterMs: 300 }] } });
    const people = load({ persons: 50 });
    await pause(7000);
    for (let round = 0; round < rounds; round++) {
      const replica = replicas[round % replicas.length];
      replica?.freeze();
      history.note({ what: "fault", fault: `freeze replica ${replica?.number}`, count: 1 });
      await pause(frozenMs);
      replica?.thaw();
      await pause(2000);
    }
    await people.stop();
  },
  measured: deliveries,
};
