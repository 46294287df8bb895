import type { BankingServiceClient } from '../banking-service/client.ts'
import type { Fault } from '../banking-service/control-api.ts'
import type { TestDatabase } from './database.ts'

/** Makes the next PATCHes of one authorisation go wrong, in this order. */
export type ScriptFaults = (authorisationId: string, ...faults: Fault[]) => Promise<void>

/**
 * The stand-in has one queue of faults, and setting it replaces what another worker put there. So the test that scripts faults holds a lock until its end.
 */
export async function scriptFaults(bankingService: BankingServiceClient, database: TestDatabase): Promise<{ script: ScriptFaults; done(): Promise<void> }> {
  const unlock = await database.lock()
  return {
    script: (authorisationId, ...faults) => bankingService.setFaults({ patch: faults.map((fault) => ({ ...fault, authorisationId })) }),
    async done() {
      await bankingService.clearFaults()
      await unlock()
    },
  }
}
