import { setTimeout as pause } from "node:timers/promises";
import { deliveries } from "../phrases.ts";
import type { Scenario } from "../scenario.ts";

/**
 * The way to Sage ID and the Provider API breaks in five manners, one after the other; the keys are
 * known by then.
 */
export const providerNetwork: Scenario = {
  name: "provider-network",
  fault: "the way to Sage: refused, half-open, reset, one small piece at a time, a second late",
  promised: "outcome at Sage within 15 s (p99) although each takes 3 s; nothing given up",
  promises: { may503: false, mayCut: false, delivery: { share: 0.99, withinMs: 15_000 } },
  testBed: { settings: { PROVIDER_API_REQUESTS_PER_SECOND: "100" } },
  rounds: 10,
  async run({ load, history, sageProxy, draw }, rounds) {
    const moods = [
      ["refused", () => sageProxy.cut()],
      ["half-open", () => sageProxy.freeze()],
      ["reset", () => sageProxy.reset()],
      ["trickle", () => sageProxy.trickle(100)],
      ["late", () => sageProxy.slowDown(500)],
    ] as const;
    const people = load({ persons: 40 });
    await pause(8000);
    for (let round = 0; round < rounds; round++) {
      const [name, make] = moods[round % moods.length] ?? moods[0];
      make();
      history.note({ what: "fault", fault: `way to Sage ${name}`, count: 1 });
      await pause(3000);
      sageProxy.mend();
      await pause(2000 + draw() * 1000);
    }
    await people.stop();
  },
  measured: deliveries,
};
