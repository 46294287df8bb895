import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { recovered } from "../phrases.ts";
import { noteRecoveries, recoveries } from "../recovery.ts";
import type { Scenario } from "../scenario.ts";
import { type Asked, streamOf } from "../stream-of.ts";
import { awayPromises } from "./away.ts";

export const failover: Scenario = {
  name: "failover",
  fault:
    "PostgreSQL primary lost (kill -9, its disk too), its synchronous standby promoted; " +
    "every second time the standby hung before",
  ...awayPromises,
  promised:
    "nothing acknowledged is lost; 503 + Retry-After in ≤ 3.5 s; recovery within 2 s of " +
    "the promotion (p99)",
  rounds: 3,
  async run(testBed, rounds) {
    const { load, cluster, databaseProxy, history, world, draw } = testBed;
    const follow = () => databaseProxy.retarget({ host: "127.0.0.1", port: cluster.port });
    const people = load({ persons: 40 });
    const stop = streamOf(testBed, "notification", 40, (): Asked => {
      const id = randomUUID();
      return { call: world.notification(id), right: [200], id };
    });
    const times: number[] = [];
    for (let round = 0; round < rounds; round++) {
      await cluster.startWithStandby();
      follow();
      history.note({ what: "fault", fault: "PostgreSQL stopped to be copied", count: 1 });
      await pause(5000 + draw() * 2000);
      if (round % 2 === 1) {
        cluster.freezeStandby();
        history.note({ what: "fault", fault: "standby hangs", count: 1 });
        await pause(2000);
      }
      await cluster.lose();
      history.note({ what: "fault", fault: "primary lost", count: 1 });
      cluster.thawStandby();
      await pause(draw() * 1000);
      await cluster.promote();
      follow();
      times.push(...(await recoveries(testBed)));
      await pause(1000);
    }
    await stop();
    await people.stop();
    noteRecoveries(testBed, times);
  },
  measured: recovered,
};
