import type { z } from "zod";
import type { Clock } from "../clock/clock.ts";
import type { Db } from "../db/db.ts";
import type { HttpClient, TlsFiles } from "../http/http.ts";
import type { Log } from "../log/log.ts";
import type { Seals } from "../crypto/seal.ts";
import type { AccountLookup } from "./account-lookup.ts";
import type { BankAdapter } from "./bank-adapter.ts";
import type { AccountIdentifier } from "./lookup-answer.ts";

/** What the connector itself knows of a bank. */
interface ConfiguredBank {
  /** The `bankId` of the notifications it stands for; null where one adapter serves all of them. */
  id: string | null;
  /** Its name, as people read it; undefined where the adapter knows it. */
  name: string | undefined;
  /** Whether the provider takes its grants, which are dropped otherwise. */
  grants?: boolean;
}

/** What an adapter is given to work with. */
export interface AdapterParts {
  clock: Clock;
  /** Our own origin, as browsers reach it. */
  publicUrl: string;
  bank: ConfiguredBank;
  /**
   * Makes a client for calls to the bank: no redirect is followed, an answer over 256 KiB is
   * refused, nothing goes into a private network but to the hosts that the bank's entry names.
   * Throws `RemoteFault` with a closed code. Pass on the `signal` of the call.
   * @param options `timeoutMs` for the whole exchange, 20 s unless told; `tls` for a client
   *   certificate (RFC 8705) or authorities of the bank's own.
   */
  http: (options?: { timeoutMs?: number; tls?: TlsFiles }) => HttpClient;
  log: Log;
  /** Maps Sage's ids of accounts to the bank's, where the bank's entry has a look-up. */
  accounts?: AccountLookup;
  /**
   * For an adapter with a table of its own, for what belongs to no session: the database, and what
   * to seal and to find by a keyed hash with, by a purpose of the adapter's own. Always there in
   * the connector; optional for whoever makes an adapter by hand.
   */
  stored?: { db: Db; seals: Seals };
}

/** A kind of bank back end: what the file of banks says of one, and what talks to it. */
export interface AdapterDefinition<Settings> {
  /**
   * What a bank's entry says under `settings`. Secrets are `secretFile`
   * (lib/config/setting-values.ts); messages must name no value.
   */
  settings: z.ZodType<Settings>;
  /**
   * By which of its names the bank knows an account, for an adapter that works with `accounts`; no
   * other may have a look-up in its entry.
   */
  accountIdentifier?(settings: Settings): AccountIdentifier;
  /**
   * Called once for each bank at the start, and again when its entry changes. Must call nobody: a
   * bank that is away must not stop the start.
   */
  create(settings: Settings, deps: AdapterParts): BankAdapter;
}

/** For the line in the registry: infers the settings. */
export const defineAdapter = <Settings>(
  definition: AdapterDefinition<Settings>,
): AdapterDefinition<Settings> => definition;
