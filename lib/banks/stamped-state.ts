import { z } from 'zod'
import type { AdapterState } from './bank-adapter.ts'

const stamped = z.strictObject({ bankVersion: z.string(), state: z.json() })

/**
 * Names what a session began with. The adapter's name is a part of the version and no field of its own: replicas of before, which know the two fields only, read the stamp all the same.
 */
export const versionName = (adapter: string, digest: string): string => `${adapter}/${digest}`

/** The adapter of a version; undefined for a stamp of before, which named none. */
export const adapterOf = (version: string): string | undefined => /^(.+)\/[^/]*$/.exec(version)?.[1]

/** An adapter's state with the version of the bank it belongs to. */
export const stampedState = (bankVersion: string, state: z.input<ReturnType<typeof z.json>>): AdapterState => ({ bankVersion, state })

/** Both again; a session that began before the bank was in a file has none. */
export function unstamped(state: AdapterState): { version?: string; state: AdapterState } {
  const read = stamped.safeParse(state)
  return read.success ? { version: read.data.bankVersion, state: read.data.state } : { state }
}
