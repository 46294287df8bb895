import type { EventType } from "../config/event-settings.ts";
import { type Sql, sql } from "../db/db.ts";

/** Where events are posted, and what they are signed with. */
export interface EventTarget {
  url: string;
  /** Keys of HMAC-SHA256, each signing every event: one, or two while one is changed. */
  secrets: readonly Uint8Array[];
  /** All types, unless it names some. */
  types?: readonly EventType[] | undefined;
  /** Hosts of the URL that are in a private network. */
  privateHosts: readonly string[];
}

/** Which events are written, and where each goes; as the settings say at this moment. */
export interface EventRouting {
  /** Where the events of a bank go; undefined where nobody wants any. */
  targetOf: (bankId: string | null) => EventTarget | undefined;
  wants: (type: EventType, bankId: string | null) => boolean;
  /** Whether anybody's events go anywhere. */
  isOn: () => boolean;
  /**
   * The same as a condition on a column that holds the id of a bank; undefined where no bank's
   * events are wanted.
   */
  condition: (type: EventType, bankId: Sql) => Sql | undefined;
  /** How long an event is tried again, in days. */
  retryDays: number;
}

/**
 * @param deps `target`: for every bank without one of its own; `ofBanks`: those of the file of
 *   banks, by `bankId`, read again for each event since the file may change.
 */
export function createEventRouting(deps: {
  target: EventTarget | undefined;
  ofBanks: () => ReadonlyMap<string, EventTarget>;
  retryDays: number;
}): EventRouting {
  const { target, ofBanks, retryDays } = deps;
  const takes = (one: EventTarget | undefined, type: EventType) =>
    one !== undefined && (one.types ?? [type]).includes(type);
  // The entry of the file for all other banks.
  const fallback = () => ofBanks().get("*") ?? target;
  const targetOf: EventRouting["targetOf"] = (bankId) =>
    (bankId === null ? undefined : ofBanks().get(bankId)) ?? fallback();

  return {
    targetOf,
    wants: (type, bankId) => takes(targetOf(bankId), type),
    isOn: () => target !== undefined || ofBanks().size > 0,
    condition(type, bankId) {
      const own = [...ofBanks()].filter(([id]) => id !== "*");
      const ids = (wanted: boolean) =>
        own.filter(([, one]) => takes(one, type) === wanted).map(([id]) => id);
      if (!takes(fallback(), type)) {
        const some = ids(true);
        return some.length === 0 ? undefined : sql`${bankId} = ANY(${some}::text[])`;
      }
      const none = ids(false);
      return none.length === 0
        ? sql`true`
        : sql`(${bankId} IS NULL OR ${bankId} <> ALL(${none}::text[]))`;
    },
    retryDays,
  };
}

/** No events at all. */
export const noEvents: EventRouting = createEventRouting({
  target: undefined,
  ofBanks: () => new Map(),
  retryDays: 1,
});
