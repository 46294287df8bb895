import { setTimeout as pause } from "node:timers/promises";
import { refusals } from "../phrases.ts";
import type { Scenario } from "../scenario.ts";
import { awayPromises } from "./away.ts";

export const databaseNetwork: Scenario = {
  name: "database-network",
  fault: "connections to PostgreSQL reset, slow, or through in small pieces",
  promised: "never a false 200; 503 + Retry-After in ≤ 3.5 s; no process exits",
  promises: { ...awayPromises.promises, atMost: {} },
  testBed: awayPromises.testBed,
  rounds: 12,
  async run({ load, history, databaseProxy, draw }, rounds) {
    const moods = [
      ["reset", () => databaseProxy.reset()],
      ["30 ms late", () => databaseProxy.slowDown(30)],
      ["in pieces", () => databaseProxy.trickle(5)],
    ] as const;
    const people = load({ persons: 40 });
    await pause(7000);
    for (let round = 0; round < rounds; round++) {
      const [name, make] = moods[round % moods.length] ?? moods[0];
      make();
      history.note({ what: "fault", fault: `connections to PostgreSQL ${name}`, count: 1 });
      await pause(1000 + draw() * 1000);
      databaseProxy.mend();
      await pause(500);
    }
    await people.stop();
  },
  measured: refusals,
};
