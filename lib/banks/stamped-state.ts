import { z } from "zod";
import type { AdapterState } from "./bank-adapter.ts";

/**
 * What a session began with: the adapter, and what it is made of as a hash; whether that stood in
 * the bank's own entry, or in the one for any bank.
 */
const version = z.strictObject({
  adapter: z.string(),
  bankConfig: z.enum(["own", "any"]),
  digest: z.string(),
});
export type Version = z.output<typeof version>;

const stamped = z.strictObject({ bankVersion: version, state: z.json() });

/** An adapter's state with the version of the bank it belongs to. */
export const stampedState = (
  bankVersion: Version,
  state: z.input<ReturnType<typeof z.json>>,
): AdapterState => ({ bankVersion, state });

/** Both again; null belongs to no version. Undefined where it cannot be read. */
export function unstamped(
  state: AdapterState,
): { version?: Version; state: AdapterState } | undefined {
  if (state === null) return { state };
  const { data } = stamped.safeParse(state);
  return data && { version: data.bankVersion, state: data.state };
}
