import { setTimeout as pause } from "node:timers/promises";
import { recovered } from "../phrases.ts";
import type { Scenario } from "../scenario.ts";
import { mayMount } from "../small-disk.ts";
import { awayInRounds, awayPromises } from "./away.ts";

export const databaseFull: Scenario = {
  name: "database-full",
  fault: "disk of PostgreSQL full",
  ...awayPromises,
  promises: { ...awayPromises.promises, atLeast: { "refused while full": 1 } },
  testBed: { ...awayPromises.testBed, smallDiskMegabytes: 64 },
  rounds: 3,
  async run(testBed, rounds) {
    const { smallDisk, history } = testBed;
    await awayInRounds(
      testBed,
      rounds,
      async () => {
        smallDisk?.fill();
        history.note({ what: "fault", fault: "no space left", count: 1 });
        // What is left in the tables' pages is soon used up by people who go on.
        await pause(8000);
        smallDisk?.empty();
      },
      () => 1500,
    );
    history.note({
      what: "measured",
      name: "refused while full",
      value: history.events.filter((event) => event.what === "answer" && event.status === 503)
        .length,
    });
  },
  measured: recovered,
  impossible: () => (mayMount() ? undefined : "needs root on Linux, to mount a small disk"),
};
