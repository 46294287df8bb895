import type { BankingServiceClient } from "../../simulator/client.ts";
import type { Fault } from "../../simulator/control-api.ts";
import type { TestDatabase } from "./database.ts";

/** Makes the next PATCHes of one authorisation go wrong, in this order. */
export type ScriptFaults = (authorisationId: string, ...faults: Fault[]) => Promise<void>;

/**
 * The simulator has one queue of faults, and setting it replaces what another worker put there. So
 * a test that scripts faults holds a lock, from then until its end.
 */
export function createScriptFaults(
  bankingService: BankingServiceClient,
  database: TestDatabase,
): { script: ScriptFaults; done(): Promise<void> } {
  let unlock: (() => Promise<void>) | undefined;
  return {
    async script(authorisationId, ...faults) {
      unlock ??= await database.lock();
      await bankingService.setFaults({
        patch: faults.map((fault) => ({ ...fault, authorisationId })),
      });
    },
    async done() {
      if (unlock) await bankingService.clearFaults().finally(unlock);
    },
  };
}
