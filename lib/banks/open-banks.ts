import type { Clock } from "../clock/clock.ts";
import { sandboxAllowed, type Settings, SettingsError } from "../config/env.ts";
import type { Log } from "../log/log.ts";
import { grantEvent } from "../config/event-settings.ts";
import type { EventTarget } from "../events/event-routing.ts";
import type { Asset } from "../web/assets.ts";
import type { AdapterParts } from "./adapter-definition.ts";
import type { Banks } from "./bank-adapter.ts";
import { bankHttp } from "./bank-http.ts";
import { readBanksFile } from "./banks-file.ts";
import { createConfiguredBanks } from "./configured-banks.ts";
import { bankAdapters } from "./registry.ts";
import { watchBanksFile } from "./watch-banks-file.ts";

export interface OpenBanks {
  all: Banks;
  /** Looks for changes of the file, from `start` on. */
  watch: {
    start: () => void;
    stop: () => Promise<void>;
    /** One look, as `start` makes them again and again. */ checkFile: () => Promise<void>;
  };
  style: (name: string) => Asset | undefined;
  /** Whether any bank is of this adapter. */
  uses: (adapter: string) => boolean;
  /** Where the events of banks go that have their own address for them, by `bankId`. */
  events: () => ReadonlyMap<string, EventTarget>;
}

type Needed = Pick<Settings, "banksFile" | "bankAdapter" | "theme" | "publicUrl" | "providerApi"> &
  Partial<Pick<Settings, "events">>;

const contextOf = ({
  theme,
  providerApi,
  events,
}: Pick<Settings, "theme"> &
  Partial<Pick<Settings, "events">> & {
    providerApi: { url: string };
  }) => ({
  theme,
  sandboxAllowed: sandboxAllowed(providerApi.url),
  ...(events
    ? {
        finishedEvents:
          (events.target?.types ?? [grantEvent]).includes(grantEvent) &&
          events.target !== undefined,
      }
    : {}),
});

const named = (problems: readonly string[]) => problems.map((problem) => `BANKS_FILE: ${problem}`);

/** What is wrong with the file of banks, whatever else is; nothing where there is none. */
export function banksFileProblems({
  banksFile,
  ...context
}: Pick<Settings, "banksFile" | "theme"> & { providerApi: { url: string } }): string[] {
  const read = banksFile === undefined ? undefined : readBanksFile(banksFile, contextOf(context));
  return read && "problems" in read ? named(read.problems) : [];
}

/**
 * The banks of the file, or the one adapter that serves every bank.
 * @throws {SettingsError} naming all problems of the file
 */
export function openBanks(
  settings: Needed,
  { clock, log, stored }: { clock: Clock; log: Log; stored: NonNullable<AdapterParts["stored"]> },
): OpenBanks {
  const { banksFile: file, bankAdapter = "sandbox", theme, publicUrl } = settings;
  if (file === undefined) {
    const all = bankAdapters[bankAdapter].create(
      {},
      {
        clock,
        publicUrl,
        bank: { id: null, name: undefined },
        http: bankHttp(clock),
        log,
        stored,
      },
    );
    return {
      all,
      watch: {
        start: () => undefined,
        stop: () => Promise.resolve(),
        checkFile: () => Promise.resolve(),
      },
      style: () => undefined,
      uses: (adapter) => adapter === bankAdapter,
      events: () => new Map(),
    };
  }
  const banks = createConfiguredBanks({ theme, publicUrl, clock, log, stored });
  const read = readBanksFile(file, contextOf(settings));
  if ("problems" in read) throw new SettingsError(named(read.problems));
  banks.take(read.banks);
  log.info("banks loaded", { count: read.banks.length });
  return {
    all: banks,
    watch: watchBanksFile({ file, context: contextOf(settings), take: banks.take, clock, log }),
    style: banks.style,
    uses: banks.uses,
    events: banks.events,
  };
}
