import { setTimeout as pause } from "node:timers/promises";
import { recovered } from "../phrases.ts";
import type { Scenario } from "../scenario.ts";
import { awayInRounds, awayPromises } from "./away.ts";

export const databaseFrozen: Scenario = {
  name: "database-frozen",
  fault: "PostgreSQL frozen (SIGSTOP to every process), or a network that lets nothing through",
  ...awayPromises,
  rounds: 6,
  async run(testBed, rounds) {
    const { cluster, databaseProxy, history, draw } = testBed;
    await awayInRounds(
      testBed,
      rounds,
      async (round) => {
        const byNetwork = round % 2 === 1;
        if (byNetwork) databaseProxy.freeze();
        else cluster.freeze();
        history.note({
          what: "fault",
          fault: byNetwork ? "connections to PostgreSQL half-open" : "PostgreSQL frozen",
          count: 1,
        });
        await pause(4000 + draw() * 4000);
        if (byNetwork) databaseProxy.mend();
        else cluster.thaw();
      },
      () => 1000 + draw() * 1000,
    );
  },
  measured: recovered,
};
