import { setTimeout as pause } from "node:timers/promises";
import { recovered } from "../phrases.ts";
import type { Scenario } from "../scenario.ts";
import { awayInRounds, awayPromises } from "./away.ts";

export const databaseRestart: Scenario = {
  name: "database-restart",
  fault: "PostgreSQL restarted (immediate)",
  ...awayPromises,
  rounds: 8,
  async run(testBed, rounds) {
    const { cluster, databaseProxy, history, draw } = testBed;
    await awayInRounds(
      testBed,
      rounds,
      async () => {
        await cluster.crash();
        history.note({ what: "fault", fault: "immediate shutdown of PostgreSQL", count: 1 });
        await pause(draw() * 4000);
        await cluster.start();
        databaseProxy.retarget({ host: "127.0.0.1", port: cluster.port });
      },
      () => 1000 + draw() * 1000,
    );
  },
  measured: recovered,
};
