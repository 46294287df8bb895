import type { EventTarget } from "../events/event-routing.ts";
import type { Grants } from "./bank-adapter.ts";
import type { BankConfig } from "./banks-file.ts";
import { createGrantEncryption } from "./grant-key.ts";

/** Where its events go, if it has an address of its own for them; by its `bankId`. */
export const eventTargetOf = ({
  bankId,
  events,
  privateHosts,
}: BankConfig): [string, EventTarget][] => (events ? [[bankId, { ...events, privateHosts }]] : []);

/** What an adapter is made of; the rest of an entry is ours. */
export const contentOfAdapter = ({
  bankId,
  name,
  adapter,
  settings,
  privateHosts,
  accounts,
  grants,
}: BankConfig) =>
  JSON.stringify([bankId, name, adapter, settings, privateHosts, accounts, grants !== undefined]);

/** What is done with its grants; undefined where it has no key. */
export function grantsOf({ grants }: BankConfig): Grants | undefined {
  const [key] = grants?.publicKeyFiles ?? [];
  return grants && key !== undefined
    ? { required: grants.required, encrypt: createGrantEncryption(key) }
    : undefined;
}
