import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { type AccountLookup, createAccountLookup, lookupMs } from "./account-lookup.ts";
import { type Asset, styleAsset } from "../web/assets.ts";
import type { Clock } from "../clock/clock.ts";
import { RemoteFault } from "../http/http.ts";
import type { Log } from "../log/log.ts";
import type { Theme } from "../web/theme.ts";
import type { EventTarget } from "../events/event-routing.ts";
import type { AdapterDefinition, AdapterParts } from "./adapter-definition.ts";
import type {
  BankAdapter,
  Banks,
  bankResultSchema,
  CallOptions,
  Grants,
  Pending,
  pollSchema,
  Undo,
  undoSchema,
} from "./bank-adapter.ts";
import { bankHttp } from "./bank-http.ts";
import { contentOfAdapter, eventTargetOf, grantsOf } from "./bank-parts.ts";
import { anyBank, type BankConfig } from "./banks-file.ts";
import { bankAdapters } from "./registry.ts";
import { stampedState, unstamped, type Version } from "./stamped-state.ts";
import type { z } from "zod";

interface Bank {
  bankConfig: BankConfig;
  adapter: BankAdapter;
  accounts: AccountLookup | undefined;
  /**
   * Of its adapter and settings, as written; in the state that goes through a session, so that a
   * session stays with what it began with, but for a secret that was changed.
   */
  version: Version;
  /** All that the entry says, with the content of its files. */
  content: string;
  style: Asset | undefined;
  /** What is done with its grants; undefined where there is no key. */
  grants: Grants | undefined;
}

/** A session lasts 20 minutes at most; what it began with is there for it until its end. */
const keptMs = 25 * 60_000;

export interface ConfiguredBanks extends Required<Banks> {
  /**
   * Takes these in place of those there are; what has not changed goes on as it is. Sessions that
   * run keep theirs.
   * @throws whatever an adapter throws that cannot be made, and nothing is changed
   */
  take: (bankConfigs: readonly BankConfig[]) => void;
  /**
   * A style sheet in the colours of a bank, by its name; also of one that was replaced, since pages
   * that name it are on screens.
   */
  style: (name: string) => Asset | undefined;
  uses: (adapter: string) => boolean;
  /** Where the events of banks go that have their own address for them, by `bankId`. */
  events: () => ReadonlyMap<string, EventTarget>;
}

/** All banks of the file as one: each call goes to the adapter of the bank that it is about. */
export function createConfiguredBanks(deps: {
  theme: Theme;
  publicUrl: string;
  clock: Clock;
  log: Log;
  stored?: AdapterParts["stored"];
  adapters?: Readonly<Record<string, AdapterDefinition<unknown>>>;
}): ConfiguredBanks {
  const { theme, publicUrl, clock, log, stored } = deps;
  const adapters: Readonly<Record<string, AdapterDefinition<unknown>>> =
    deps.adapters ?? bankAdapters;
  let current = new Map<string, Bank>();
  let eventTargets: ReadonlyMap<string, EventTarget> = new Map();
  let former: { bank: Bank; untilMs: number }[] = [];
  const styles = new Map<string, Asset>();

  const own = (bankId: string | null) =>
    (bankId === null ? undefined : current.get(bankId)) ?? current.get(anyBank);
  const stillThere = (bankId: string | null) =>
    former
      .filter(
        ({ bank: { bankConfig }, untilMs }) =>
          untilMs > clock.monotonicMs() &&
          (bankConfig.bankId === bankId || bankConfig.bankId === anyBank),
      )
      .map(({ bank }) => bank);
  const candidatesFor = (bankId: string | null) =>
    [current.get(bankId ?? anyBank), current.get(anyBank), ...stillThere(bankId)].filter(
      (bank) => bank !== undefined,
    );
  /** The entry a session began with, as it is now. */
  const configOf = (bankId: string | null, { bankConfig }: Version) =>
    current.get(bankConfig === "any" || bankId === null ? anyBank : bankId);
  // A version nobody here knows goes on with the settings there are, but never with another adapter
  // or entry, which would take what the person types to somebody else.
  const ofSession = (bankId: string | null, version?: Version) => {
    const candidates = candidatesFor(bankId);
    if (version === undefined) return candidates[0];
    const now = configOf(bankId, version);
    return (
      candidates.find((bank) => isDeepStrictEqual(bank.version, version)) ??
      (now?.bankConfig.adapter === version.adapter ? now : undefined)
    );
  };

  const make = (bankConfig: BankConfig): Bank => {
    const { bankId, name, adapter, settings, privateHosts } = bankConfig;
    const content = JSON.stringify(bankConfig);
    const before = current.get(bankId);
    if (before?.content === content) return before;
    const same =
      before && contentOfAdapter(before.bankConfig) === contentOfAdapter(bankConfig)
        ? before
        : undefined;
    const id = bankId === anyBank ? null : bankId;
    const http = bankHttp(clock, privateHosts);
    const definition = adapters[adapter];
    const identifier = definition?.accountIdentifier?.(settings);
    const accounts = same
      ? same.accounts
      : bankConfig.accounts &&
        identifier &&
        createAccountLookup(bankConfig.accounts, {
          identifier,
          http: http({ timeoutMs: lookupMs }),
          clock,
          log,
          bankId: id,
        });
    const made =
      same?.adapter ??
      definition?.create(settings, {
        clock,
        publicUrl,
        bank: { id, name, grants: bankConfig.grants !== undefined },
        http,
        log,
        ...(accounts ? { accounts } : {}),
        ...(stored ? { stored } : {}),
      });
    if (!made) throw new TypeError("there is no such adapter");
    return {
      bankConfig,
      adapter: made,
      accounts,
      content,
      version: {
        adapter,
        bankConfig: bankId === anyBank ? "any" : "own",
        digest: createHash("sha256")
          .update(`${adapter} ${bankConfig.written}`)
          .digest("base64url")
          .slice(0, 8),
      },
      style: bankConfig.theme ? styleAsset({ ...theme, ...bankConfig.theme }) : undefined,
      grants: grantsOf(bankConfig),
    };
  };

  const stampedUndo = ({ id, state }: z.input<typeof undoSchema>, { version }: Bank): Undo => ({
    id,
    state: stampedState(version, state),
  });
  /**
   * Stamps what the adapter wants remembered, for the next answer and for later, with the version of
   * the bank it belongs to.
   */
  const stamp = <BankResult extends z.input<typeof bankResultSchema> | z.input<typeof pollSchema>>(
    result: BankResult,
    bank: Bank,
  ): BankResult => ({
    ...result,
    ...(result.type === "challenge"
      ? { state: stampedState(bank.version, result.state ?? null) }
      : {}),
    ...("undo" in result && result.undo ? { undo: stampedUndo(result.undo, bank) } : {}),
  });
  const calling = ({ signal, mustUndo }: CallOptions, bank: Bank): CallOptions => ({
    signal,
    ...(mustUndo ? { mustUndo: (undo) => mustUndo(stampedUndo(undo, bank)) } : {}),
  });

  const goingOn = <Request extends Pending & { bankId: string | null }>(request: Request) => {
    const { version, state } = unstamped(request.state) ?? away();
    return {
      bank: ofSession(request.bankId, version) ?? away(),
      request: { ...request, state },
    };
  };

  return {
    describe(bankId, of, state = null) {
      const read = unstamped(state);
      // Where the session's own adapter is not known here, the screen still says whose it is.
      const bank =
        of === "session"
          ? read &&
            (ofSession(bankId, read.version) ?? (read.version && configOf(bankId, read.version)))
          : own(bankId);
      if (!bank) return undefined;
      const { name, help, lang } = bank.bankConfig;
      return {
        ...bank.adapter.describe(bankId),
        state: stampedState(bank.version, null),
        name,
        help: help.map((link) => ({ ...link, ...(lang ? { lang } : {}) })),
        ...(bank.style ? { style: bank.style.name } : {}),
      };
    },
    userIdentifier(answer, about, state = null) {
      const read = unstamped(state);
      return read && ofSession(about.bankId, read.version)?.adapter.userIdentifier?.(answer, about);
    },
    async prepare(bankId) {
      await own(bankId)?.adapter.prepare?.(bankId);
    },
    prefetchAccounts(request) {
      own(request.bankId)?.accounts?.prefetch(request);
    },
    async start({ state = null, ...request }, call) {
      const { version } = unstamped(state) ?? away();
      const bank = (version ? ofSession(request.bankId, version) : own(request.bankId)) ?? away();
      return stamp(await bank.adapter.start(request, calling(call, bank)), bank);
    },
    async answer(given, call) {
      const { bank, request } = goingOn(given);
      return stamp(await bank.adapter.answer(request, calling(call, bank)), bank);
    },
    async poll(given, call) {
      const { bank, request } = goingOn(given);
      return bank.adapter.poll
        ? stamp(await bank.adapter.poll(request, calling(call, bank)), bank)
        : { type: "pending" };
    },
    async redirectToBank(given, call) {
      const { bank, request } = goingOn(given);
      return bank.adapter.redirectToBank?.(request, call);
    },
    async cancel(given, call) {
      const { bank, request } = goingOn(given);
      await bank.adapter.cancel?.(request, call);
    },
    async undo({ undo, ...about }, call) {
      const { version, state } = unstamped(undo.state) ?? away();
      const bank = ofSession(about.bankId, version) ?? away();
      await bank.adapter.undo?.({ ...about, undo: { ...undo, state } }, call);
    },
    grants: (bankId) => own(bankId)?.grants,
    trusts: (authorization) =>
      [...current.values()].some(({ adapter }) => adapter.trusts?.(authorization)),
    called: async (call) =>
      (await own(call.bankId)?.adapter.called?.(call)) ?? { type: "unauthorised" },
    take(bankConfigs) {
      const next = new Map(bankConfigs.map((bankConfig) => [bankConfig.bankId, make(bankConfig)]));
      const untilMs = clock.monotonicMs() + keptMs;
      const replaced = [...current.values()].filter(
        (bank) => next.get(bank.bankConfig.bankId)?.adapter !== bank.adapter,
      );
      former = [
        ...replaced.map((bank) => ({ bank, untilMs })),
        ...former.filter((one) => one.untilMs > clock.monotonicMs()),
      ];
      current = next;
      eventTargets = new Map(bankConfigs.flatMap((bankConfig) => eventTargetOf(bankConfig)));
      for (const { style } of next.values()) if (style) styles.set(style.name, style);
    },
    style: (name) => styles.get(name),
    events: () => eventTargets,
    uses: (adapter) =>
      [...current.values(), ...former.map(({ bank }) => bank)].some(
        ({ bankConfig }) => bankConfig.adapter === adapter,
      ),
  };
}

function away(): never {
  throw new RemoteFault("unknown-bank");
}
