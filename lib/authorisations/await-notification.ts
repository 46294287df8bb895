import type { Clock } from "../clock/clock.ts";
import type { AuthorisationStore } from "./authorisation-store.ts";

const maxWaitMs = 2000;
const checkIntervalMs = 100;
// Beyond it nobody waits: a genuine notification is late by milliseconds, a crowd of unknown ids is
// no genuine one.
const maxWaiting = 1000;

/**
 * Waits for a notification that is still on its way: Banking Service sends it just before it
 * fetches `authrefresh` (Sage’s developer pages, "The flow"). One look every 100 ms serves all who
 * wait in this process, so that a crowd of made-up ids costs the database no more than one.
 * @returns a function that resolves to true when the authorisation is there, to false after 2 s.
 */
export function createAwaitNotification({
  authorisations,
  clock,
}: {
  authorisations: AuthorisationStore;
  clock: Clock;
}): (authorisationId: string) => Promise<boolean> {
  interface Waiter {
    authorisationId: string;
    until: number;
    settle: (there: boolean) => void;
    fail: (error: unknown) => void;
  }
  let waiting: Waiter[] = [];
  let looking = false;

  const pollStore = async () => {
    looking = true;
    try {
      while (waiting.length > 0) {
        await clock.sleep(checkIntervalMs);
        const there = await authorisations.announced([
          ...new Set(waiting.map(({ authorisationId }) => authorisationId)),
        ]);
        const now = clock.monotonicMs();
        const settled = waiting.filter(
          ({ authorisationId, until }) =>
            there.has(authorisationId) || now + checkIntervalMs > until,
        );
        waiting = waiting.filter((waiter) => !settled.includes(waiter));
        for (const { authorisationId, settle } of settled) settle(there.has(authorisationId));
      }
    } catch (error) {
      const failed = waiting;
      waiting = [];
      for (const { fail } of failed) fail(error);
    } finally {
      looking = false;
    }
  };

  return (authorisationId) =>
    new Promise((settle, fail) => {
      if (waiting.length >= maxWaiting) return void settle(false);
      waiting.push({ authorisationId, until: clock.monotonicMs() + maxWaitMs, settle, fail });
      if (!looking) void pollStore();
    });
}
