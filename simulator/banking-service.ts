import { createAuthorisationBook, type AuthorisationBook } from "./authorisation-book.ts";
import { createCallCounts } from "./call-counts.ts";
import type { CallCounts, ProviderCall, ProviderRules } from "./control-api.ts";
import { createFaultQueues, type ScriptedFaults } from "./fault-queues.ts";
import { maskSecrets } from "./mask-secrets.ts";
import type { BankingServiceSettings } from "./read-settings.ts";
import { createSageId, type SageId } from "./sage-id.ts";
import { createRandomFaults, type RandomFaults } from "./faults.ts";
import { createWireLog, type WireLog } from "./wire-log.ts";

/** Everything the simulator knows while it runs; all of it is gone with the process. */
export type BankingService = {
  readonly settings: BankingServiceSettings;
  readonly sageId: SageId;
  readonly book: AuthorisationBook;
  readonly wire: WireLog;
  readonly faults: ScriptedFaults;
  readonly randomFaults: RandomFaults;
  readonly rules: ProviderRules;
  /** Every PATCH that came, newest last. */
  readonly providerCalls: ProviderCall[];
  readonly counts: CallCounts;
  /** Ends delays and late notifications when the simulator closes. */
  readonly stopping: AbortSignal;
};

/**
 * Makes the simulator's state.
 *
 * @param stopping fires when the simulator closes
 */
export async function createBankingService(
  settings: BankingServiceSettings,
  stopping: AbortSignal,
): Promise<BankingService> {
  const counts = createCallCounts();
  return {
    settings,
    sageId: await createSageId(settings, counts),
    book: createAuthorisationBook(settings.urls.redirectOrigin, settings.externalId),
    wire: createWireLog(maskSecrets(settings)),
    faults: createFaultQueues(),
    randomFaults: createRandomFaults(),
    rules: { repeats: "same" },
    providerCalls: [],
    counts,
    stopping,
  };
}
