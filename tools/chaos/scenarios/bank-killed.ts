import { setTimeout as pause } from "node:timers/promises";
import { deliveries } from "../phrases.ts";
import type { Scenario } from "../scenario.ts";

export const bankKilled: Scenario = {
  name: "bank-killed",
  fault: "replica killed while it asks the bank (which takes 8 s)",
  promised:
    "the step passes its deadline and comes back with a problem, never with a second " +
    "call; a truthful end for everybody",
  promises: {
    may503: true,
    mayCut: true,
    delivery: { share: 0.95, withinMs: 15_000 },
    atLeast: { "bank calls whose replica died": 1 },
  },
  testBed: { settings: { PROVIDER_API_REQUESTS_PER_SECOND: "100" }, patienceMs: 240_000 },
  rounds: 6,
  async run({ load, replicas, history, cluster, database }, rounds) {
    const people = load({ persons: 40, users: ["user_slow", "user_slow", "user_sms"] });
    await pause(7000);
    let orphaned = 0;
    for (let round = 0; round < rounds; round++) {
      const replica = replicas[round % replicas.length];
      await replica?.kill();
      history.note({ what: "fault", fault: `kill replica ${replica?.number}`, count: 1 });
      await replica?.start();
      await pause(6000);
      // A bank takes at most 8 s here: who waits longer waits for nobody.
      const { rows } = await cluster.query(
        database,
        `SELECT count(*)::int AS count FROM sessions
          WHERE state = 'awaiting_bank' AND bank_deadline_at < now() + interval '25 seconds'`,
      );
      orphaned = Math.max(orphaned, rows[0].count);
    }
    await people.stop();
    history.note({ what: "measured", name: "bank calls whose replica died", value: orphaned });
  },
  measured: (figures) =>
    `at least ${figures.measured["bank calls whose replica died"]} calls orphaned; ${deliveries(figures)}`,
};
