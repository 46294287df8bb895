import { setTimeout as pause } from "node:timers/promises";
import { deliveries } from "../phrases.ts";
import type { Scenario } from "../scenario.ts";

const copies = 5;

export const notifications: Scenario = {
  name: "notifications",
  fault: `notification late, ×${copies} at once, and again after its entry`,
  promised:
    "the same end as in order; an entry before its notification succeeds if that comes within 2 s",
  promises: { may503: false, mayCut: false, delivery: { share: 0.99, withinMs: 15_000 } },
  testBed: { settings: { PROVIDER_API_REQUESTS_PER_SECOND: "100" } },
  rounds: 10,
  async run({ load, history }, rounds) {
    const late = load({ persons: 40, fixed: { notifications: copies, early: true } });
    const inOrder = load({ persons: 40, fixed: { notifications: copies, early: false } });
    await pause(rounds * 1500);
    await Promise.all([late.stop(), inOrder.stop()]);
    history.note({
      what: "fault",
      fault: "notifications late, repeated or after their entry",
      count: late.journeys * (copies + 1) + inOrder.journeys * copies,
    });
  },
  measured: deliveries,
};
