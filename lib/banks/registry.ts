import type { Clock } from '../platform/clock.ts'
import type { BankAdapter } from './bank-adapter.ts'
import { createSandboxBank } from './sandbox/sandbox-bank.ts'

/** Every adapter by its name in `BANK_ADAPTER`; a new one is a folder and a line here. */
export const bankAdapters = {
  sandbox: createSandboxBank,
} satisfies Record<string, (parts: { clock: Clock; publicUrl: string }) => BankAdapter>
