import type { WireEntry } from "./control-api.ts";
import { pushBounded } from "./push-bounded.ts";

const ENTRIES_KEPT = 1_000;
const TEXT_SHOWN = 1_000;

/** A call as its observer knows it; the log adds the number and takes out the secrets. */
export type WireCall = Omit<WireEntry, "n">;

/** Every call in both directions, newest last. */
export type WireLog = {
  add(call: WireCall): void;
  /** The entries after number `n`, and of one authorisation if one is named. */
  after(n: number, authorisationId?: string | null): WireEntry[];
  clear(): void;
};

/**
 * Makes an empty wire log, bounded in entries and in the length of each text.
 *
 * @param mask takes the secrets out of a text, see `maskSecrets`
 */
export function createWireLog(mask: (text: string) => string): WireLog {
  const entries: WireEntry[] = [];
  let last = 0;
  // Masked before it is cut: half a secret at the cut would no longer be recognised.
  const shown = (text: string) => mask(text).slice(0, TEXT_SHOWN);
  return {
    add(call) {
      const entry = {
        ...call,
        n: ++last,
        path: shown(call.path),
        request: shown(call.request),
        response: shown(call.response),
      };
      pushBounded(entries, entry, ENTRIES_KEPT);
    },
    after: (n, authorisationId) =>
      entries.filter(
        (entry) => entry.n > n && (!authorisationId || entry.authorisationId === authorisationId),
      ),
    clear: () => void entries.splice(0),
  };
}
