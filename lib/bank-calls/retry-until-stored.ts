import { bankDeadlineSeconds } from "../authorisations/session-store.ts";
import type { Clock } from "../clock/clock.ts";
import { isDatabaseUnavailable } from "../db/db.ts";

/** How long to wait before a result is stored again when the database was away, in milliseconds. */
const retryIntervalMs = 500;

/**
 * Stores what a bank said once and will not say twice (a code, a grant is used up): kept until a
 * step's deadline while the database is away. Trying again is safe where it is a compare-and-set:
 * one that was done finds nothing to do.
 * @throws DatabaseUnavailable when it stays away
 */
export async function retryUntilStored<Stored>(
  clock: Clock,
  store: () => Promise<Stored>,
): Promise<Stored> {
  const giveUpAt = clock.monotonicMs() + bankDeadlineSeconds * 1000;
  for (;;) {
    try {
      return await store();
    } catch (error) {
      if (!isDatabaseUnavailable(error) || clock.monotonicMs() > giveUpAt) throw error;
      await clock.sleep(retryIntervalMs);
    }
  }
}
