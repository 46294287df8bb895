import { z } from 'zod'
import type { AdapterState } from './bank-adapter.ts'

const stamped = z.strictObject({ bankVersion: z.string(), state: z.json() })

/** An adapter's state with the version of the bank it belongs to. */
export const stampedState = (bankVersion: string, state: z.input<ReturnType<typeof z.json>>): AdapterState => ({ bankVersion, state })

/** Both again; a session that began before the bank was in a file has none. */
export function unstamped(state: AdapterState): { version?: string; state: AdapterState } {
  const read = stamped.safeParse(state)
  return read.success ? { version: read.data.bankVersion, state: read.data.state } : { state }
}
