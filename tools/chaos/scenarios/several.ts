import { setTimeout as pause } from "node:timers/promises";
import { pick } from "../../../simulator/draws.ts";
import { refusals } from "../phrases.ts";
import type { Scenario } from "../scenario.ts";
import { faultsOfPatch } from "./provider-faults.ts";

/**
 * Everything that can be made in moments, at once. With one round it is the short version in `npm
 * test`.
 */
export const several: Scenario = {
  name: "several",
  fault:
    "several at once: replicas killed, PostgreSQL crashed, its connections reset, tokens " +
    "revoked, 30 % of the PATCHes spoiled, notifications ×3",
  promised: "nothing lost, wrong or doubled; nothing but the promised 503",
  promises: { may503: true, mayCut: true, delivery: { share: 0.9, withinMs: 20_000 } },
  testBed: { thinkMs: 3000, settings: { PROVIDER_API_REQUESTS_PER_SECOND: "100" } },
  rounds: 6,
  async run({ load, replicas, cluster, databaseProxy, history, sage, draw }, rounds) {
    const people = load({ persons: 40, fixed: { notifications: 3 } });
    for (let round = 0; round < rounds; round++) {
      await sage.setRandomFaults({ patch: { share: 0.3, faults: faultsOfPatch() } });
      await pause(3000);
      const replica = pick(draw, replicas);
      await replica.kill();
      await Promise.all([
        replica.start(),
        pause(draw() * 1500).then(async () => {
          await cluster.crash();
          await cluster.start();
          databaseProxy.retarget({ host: "127.0.0.1", port: cluster.port });
        }),
      ]);
      await sage.revokeTokens();
      await pause(1000);
      databaseProxy.reset();
      history.note({ what: "fault", fault: "kill, crash, reset, revocation", count: 4 });
    }
    await people.stop();
    history.note({
      what: "fault",
      fault: "PATCHes that met a fault",
      count: (await sage.weatherMet()).patch,
    });
    await sage.clearRandomFaults();
  },
  measured: refusals,
};
