import { setTimeout as pause } from "node:timers/promises";
import { deliveries } from "../phrases.ts";
import type { Scenario } from "../scenario.ts";

export const tlsExpired: Scenario = {
  name: "tls-expired",
  fault: "the Provider API’s certificate expires, and is renewed 4 s later",
  promised: "nothing is sent over it; delivered within 15 s (p99); nothing given up",
  promises: {
    may503: false,
    mayCut: false,
    delivery: { share: 0.99, withinMs: 15_000 },
    atMost: { "PATCHes over an expired certificate": 0 },
  },
  testBed: { tls: true, settings: { PROVIDER_API_REQUESTS_PER_SECOND: "100" } },
  rounds: 4,
  async run({ load, history, sage, tlsFront }, rounds) {
    const people = load({ persons: 40 });
    await pause(7000);
    let sent = 0;
    for (let round = 0; round < rounds; round++) {
      tlsFront?.expire();
      // What had come through before is read by then.
      await pause(500);
      const before = (await sage.counts()).patches;
      history.note({ what: "fault", fault: "certificate expired", count: 1 });
      await pause(3500);
      sent += (await sage.counts()).patches - before;
      tlsFront?.renew();
      await pause(3000);
    }
    await people.stop();
    history.note({ what: "measured", name: "PATCHes over an expired certificate", value: sent });
  },
  measured: (figures) =>
    `${figures.measured["PATCHes over an expired certificate"]} sent over it; ${deliveries(figures)}`,
};
