import { setTimeout as pause } from "node:timers/promises";
import { deliveries } from "../phrases.ts";
import type { Scenario } from "../scenario.ts";

export const tokenRevoked: Scenario = {
  name: "token-revoked",
  fault: "access token revoked; every fifth request for a new one fails",
  promised: "one new token for all, and the PATCH again at once: delivered within 5 s (p99)",
  promises: { may503: false, mayCut: false, delivery: { share: 0.99, withinMs: 5000 } },
  testBed: { settings: { PROVIDER_API_REQUESTS_PER_SECOND: "100" } },
  rounds: 12,
  async run({ load, history, sage }, rounds) {
    const people = load({ persons: 40 });
    await pause(7000);
    await sage.setRandomFaults({
      token: { share: 0.2, faults: [{ status: 500 }, { truncate: true }] },
    });
    for (let round = 0; round < rounds; round++) {
      await sage.revokeTokens();
      history.note({ what: "fault", fault: "tokens revoked", count: 1 });
      await pause(2500);
    }
    await people.stop();
    const { tokensIssued } = await sage.counts();
    history.note({ what: "measured", name: "tokens asked for", value: tokensIssued });
  },
  measured: (figures) =>
    `${figures.measured["tokens asked for"]} tokens for three replicas; ${deliveries(figures)}`,
};
