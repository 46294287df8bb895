import { setTimeout as pause } from "node:timers/promises";
import { deliveries } from "../phrases.ts";
import type { Scenario } from "../scenario.ts";

export const sageIdDown: Scenario = {
  name: "sage-id-down",
  fault: "Sage ID down: tokens and keys answer 503, nothing, or cut the connection",
  promised: "token and keys at hand stay in use: nobody notices",
  promises: { may503: false, mayCut: false, delivery: { share: 0.99, withinMs: 5000 } },
  testBed: { settings: { PROVIDER_API_REQUESTS_PER_SECOND: "100" } },
  rounds: 8,
  async run({ load, history, sage }, rounds) {
    const people = load({ persons: 40 });
    // By then each replica has a token and the keys.
    await pause(14_000);
    const down = {
      share: 1,
      faults: [{ status: 503 }, { resetBeforeApply: true }, { delayMs: 10_000 }],
    };
    await sage.setRandomFaults({ token: down, jwks: down });
    for (let round = 0; round < rounds; round++) {
      history.note({ what: "fault", fault: "Sage ID down for 3 s", count: 1 });
      await pause(3000);
    }
    await people.stop();
  },
  measured: deliveries,
};
