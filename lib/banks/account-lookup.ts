import type { Clock } from "../clock/clock.ts";
import { startStopwatch } from "../clock/clock.ts";
import { readForeign } from "../http/foreign-json.ts";
import { type HttpClient, isTemporary, RemoteFault } from "../http/http.ts";
import type { Log } from "../log/log.ts";
import type { BankAccount } from "../sage/bank-account.ts";
import type { AccountDetails, UncoveredAccount } from "./bank-account.ts";
import type { BankRequest, BankResult } from "./bank-adapter.ts";
import {
  type AccountIdentifier,
  type Connection,
  type LinkedAccount,
  lookupAnswer,
  toComparable,
} from "./lookup-answer.ts";

/** What the file of banks says of a bank's accounts. */
export interface AccountSettings {
  lookup: { url: string; tokenFile: string };
  /** Which accounts of a connection the bank must show: the one asked about, or every one. */
  policy: "asked" | "every";
}

/** Which account Sage asks about. */
export type AccountRequest = Pick<BankRequest, "bankId" | "externalId" | "bankAccount">;

/** An account as the bank shows it, by the bank's own id. */
export interface ShownAccount {
  id: string;
  details: AccountDetails;
}

/** Maps Sage's ids of accounts to the bank's, and back. */
export interface AccountLookup {
  /**
   * The accounts of the connection that Sage asks about, the one it names first; undefined for an
   * id that nobody knows. It may have been asked ahead.
   * @throws RemoteFault
   */
  connectionOf: (request: AccountRequest, signal: AbortSignal) => Promise<Connection | undefined>;
  /**
   * What the accounts that the bank shows come to: confirmed are those of the connection that are
   * among them. The look-up is asked anew, since its answer decides.
   * @throws RemoteFault
   */
  confirm: (
    request: AccountRequest,
    shown: readonly ShownAccount[],
    signal: AbortSignal,
  ) => Promise<Exclude<BankResult, { type: "challenge" }>>;
  /** Asks ahead, for the first answer that needs it. Nobody waits for it. */
  prefetch: (request: AccountRequest) => void;
}

/** Of a bank that knows accounts by Sage's ids. */
export const sameIds: AccountLookup = {
  connectionOf: ({ externalId }) => {
    const asked = { externalId, id: externalId };
    return Promise.resolve({ asked, accounts: [asked] });
  },
  confirm: (_, shown) =>
    Promise.resolve({
      type: "authorised",
      accounts: shown.map((account) => confirmed({ externalId: account.id }, account)),
    }),
  prefetch: () => undefined,
};

/** An account that nobody knows is among none: the journey ends as `wrong-account`. */
export const noAccount = { type: "authorised", accounts: [] } satisfies BankResult;

/** For one exchange with the look-up. */
export const lookupMs = 5000;
/** How long after its first screen a journey goes on with what was asked ahead. */
const aheadForMs = 5 * 60_000;
const maxAhead = 100;
/** At the end the bank has used the person's answer up, so that a moment's failure costs much. */
const pausesMs = [500, 1500];

/** Asks the provider's own service which accounts Sage's ids stand for. */
export function createAccountLookup(
  { lookup: { url, tokenFile: token }, policy }: AccountSettings,
  deps: {
    identifier: AccountIdentifier;
    http: HttpClient;
    clock: Clock;
    log: Log;
    bankId: string | null;
  },
): AccountLookup {
  const { identifier, http, clock, log } = deps;
  const answer = (externalId: string) => lookupAnswer(identifier, externalId);
  const report = (reason: string, paths: readonly string[] = []) =>
    log.warn("account look-up failed", {
      reason,
      ...(paths.length > 0 ? { paths } : {}),
      ...(deps.bankId === null ? {} : { bankId: deps.bankId }),
    });

  const ask = async (
    { bankId, externalId, bankAccount = null }: AccountRequest,
    signal?: AbortSignal,
  ): Promise<Connection | undefined> => {
    const response = await http(url, {
      method: "POST",
      headers: {
        accept: "application/json",
        "content-type": "application/json",
        authorization: `Bearer ${token}`,
      },
      body: JSON.stringify({ bankId, externalId, bankaccount: bankAccount }),
      ...(signal ? { signal } : {}),
    });
    if (response.status === 404) return undefined;
    if (isTemporary(response.status)) throw new RemoteFault("unavailable");
    if (response.status !== 200) throw new RemoteFault("refused");
    const read = readForeign(answer(externalId), await response.text());
    if (!read.ok) throw new RemoteFault("not-understood", { paths: read.paths });
    return read.value;
  };

  /** The same, its failures in the log and by names of their own. */
  const reported = async (request: AccountRequest, signal?: AbortSignal) => {
    try {
      const connection = await ask(request, signal);
      if (!connection) report("account-unknown");
      return connection;
    } catch (error) {
      if (!(error instanceof RemoteFault)) throw error;
      const { code, neverSent, paths, status } = error;
      report(`lookup-${code}`, paths);
      throw new RemoteFault(`lookup-${code}`, { neverSent, paths, status, cause: error });
    }
  };

  const askUntilAnswered = async (request: AccountRequest, signal: AbortSignal) => {
    for (const pauseMs of pausesMs) {
      try {
        return await reported(request, signal);
      } catch (error) {
        if (!(error instanceof RemoteFault && passing.has(error.code))) throw error;
        await clock.sleep(pauseMs, signal);
      }
    }
    return reported(request, signal);
  };

  const ahead = new Map<string, { asked: Promise<Connection | undefined>; ageMs: () => number }>();
  const keyOf = ({ bankId, externalId, bankAccount = null }: AccountRequest) =>
    JSON.stringify([bankId, externalId, bankAccount]);
  const forget = () => {
    for (const [key, { ageMs }] of ahead)
      if (ageMs() > aheadForMs || ahead.size >= maxAhead) ahead.delete(key);
  };

  return {
    prefetch(request) {
      forget();
      const key = keyOf(request);
      if (ahead.has(key)) return;
      const asked = reported(request);
      ahead.set(key, { asked, ageMs: startStopwatch(clock) });
      // What is no answer is asked for again by whoever needs it.
      asked.then(
        (connection) => connection ?? ahead.delete(key),
        () => ahead.delete(key),
      );
    },

    async connectionOf(request, signal) {
      forget();
      const before = ahead.get(keyOf(request));
      ahead.delete(keyOf(request));
      return (await before?.asked.catch(() => undefined)) ?? reported(request, signal);
    },

    async confirm(request, shown, signal) {
      const connection = await askUntilAnswered(request, signal);
      if (!connection) return noAccount;
      const byId = new Map(shown.map((account) => [toComparable(identifier, account.id), account]));
      const shownAs = ({ id }: LinkedAccount) => (id === undefined ? undefined : byId.get(id));
      if (!shownAs(connection.asked)) return noAccount;
      const uncovered = connection.accounts.filter((linked) => !shownAs(linked)).map(masked);
      if (policy === "every" && uncovered.length > 0)
        return { type: "refused", reason: "accounts-missing", uncovered };
      return {
        type: "authorised",
        accounts: connection.accounts.flatMap((linked) => {
          const account = shownAs(linked);
          return account ? [confirmed(linked, account)] : [];
        }),
        ...(uncovered.length > 0 ? { uncovered } : {}),
      };
    },
  };
}

/** What may be over in a moment. */
const passing = new Set(["lookup-unavailable", "lookup-network", "lookup-timeout"]);

const confirmed = (
  { externalId, name }: Pick<LinkedAccount, "externalId" | "name">,
  { details }: ShownAccount,
): BankAccount => ({ ...(name === undefined ? {} : { name }), ...details, externalId });

const masked = ({ name, number }: LinkedAccount): UncoveredAccount => ({
  name,
  ending: number === undefined ? undefined : [...number].slice(-4).join(""),
});
