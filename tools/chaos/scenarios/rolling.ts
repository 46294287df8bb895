import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { deliveries } from "../phrases.ts";
import type { Scenario } from "../scenario.ts";
import { type Asked, streamOf } from "../stream-of.ts";

const perSecond = 50;

export const rolling: Scenario = {
  name: "rolling",
  fault: "rolling restart (SIGTERM, one replica after the other)",
  promised: `no failed request at ${perSecond}/s`,
  promises: { may503: false, mayCut: false, delivery: { share: 0.99, withinMs: 15_000 } },
  testBed: { settings: { PROVIDER_API_REQUESTS_PER_SECOND: "100" } },
  rounds: 2,
  async run(testBed, rounds) {
    const { load, replicas, history, world, sage } = testBed;
    const { authorisationId, authrefreshUrl } = await sage.createAuthorisation({ notify: false });
    await testBed.balancer.send(world.notification(authorisationId));
    const entry = new URL(authrefreshUrl);
    let result = 0;
    const stop = streamOf(testBed, "steady", perSecond, (): Asked => {
      result += 1;
      return result % 2 === 0
        ? { call: world.notification(randomUUID()), right: [200] }
        : { call: { path: entry.pathname + entry.search }, right: [200] };
    });
    const people = load({ persons: 40 });
    await pause(1000);
    for (let round = 0; round < rounds; round++) {
      for (const replica of replicas) {
        await replica.leave();
        history.note({ what: "fault", fault: `SIGTERM to replica ${replica.number}`, count: 1 });
        await replica.start();
        // A deployment goes on when the new one is ready, and its balancer knows.
        await pause(1000);
      }
    }
    await people.stop();
    await stop();
  },
  measured: (figures) =>
    `${figures.cut + figures.answers503} failed requests; ${deliveries(figures)}`,
};
