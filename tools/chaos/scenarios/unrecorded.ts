import { setTimeout as pause } from "node:timers/promises";
import { deliveries } from "../phrases.ts";
import type { Scenario } from "../scenario.ts";

export const unrecorded: Scenario = {
  name: "unrecorded",
  fault: "replica killed between sending the PATCH and recording what it came to",
  promised: "the attempt is on record; a 4xx on the repeat ends as “probably applied”",
  promises: {
    may503: false,
    mayCut: true,
    delivery: { share: 0.99, withinMs: 15_000 },
    atLeast: { "probably applied": 1 },
  },
  testBed: { settings: { PROVIDER_API_REQUESTS_PER_SECOND: "100" } },
  rounds: 12,
  async run({ load, replicas, history, sage, cluster, database }, rounds) {
    // Each takes effect and is answered half a second later; a second one is refused.
    await sage.setRules({ repeats: "conflict" });
    await sage.setRandomFaults({ patch: { share: 1, faults: [{ answerAfterMs: 500 }] } });
    const people = load({
      persons: 50,
      users: ["user_sms", "user_good"],
      fixed: { cancels: false },
    });
    await pause(7000);
    for (let round = 0; round < rounds; round++) {
      const replica = replicas[round % replicas.length];
      await replica?.kill();
      history.note({ what: "fault", fault: `kill replica ${replica?.number}`, count: 1 });
      await replica?.start();
    }
    await people.stop();
    await pause(7000);
    const { rows } = await cluster.query(
      database,
      `SELECT count(*)::int AS count FROM outcomes WHERE state = 'probably_applied'`,
    );
    history.note({ what: "measured", name: "probably applied", value: rows[0].count });
  },
  measured: (figures) =>
    `${deliveries(figures)}; ${figures.unclearAttempts} attempts unclear, ${figures.probablyApplied} outcomes “probably applied”`,
};
