import { z } from "zod";
import type { AdapterState } from "./bank-adapter.ts";

const stamped = z.strictObject({ bankVersion: z.string(), state: z.json() });

/**
 * What a session began with: the adapter, and what it is made of as a hash; whether that stood in
 * the bank's own entry, or in the one for any bank.
 */
export interface Version {
  adapter: string;
  entry: "own" | "any";
  digest: string;
}

// Neither is in a hash.
const marks = { own: "=", any: "*" } as const;

/**
 * One text and no fields of its own: replicas of before, which know the two fields of a stamp only,
 * read it all the same.
 */
const versionName = ({ adapter, entry, digest }: Version): string =>
  `${adapter}/${marks[entry]}${digest}`;

/** The same again. Stamps of before said less. */
function versionIn(name: string): Partial<Version> & Pick<Version, "digest"> {
  const [, adapter, mark, digest = ""] = /^(?:(.+)\/)?([=*]?)([^/]*)$/.exec(name) ?? [];
  return {
    ...(adapter === undefined ? {} : { adapter }),
    ...(mark ? { entry: mark === marks.any ? ("any" as const) : ("own" as const) } : {}),
    digest,
  };
}

/** An adapter's state with the version of the bank it belongs to. */
export const stampedState = (
  version: Version,
  state: z.input<ReturnType<typeof z.json>>,
): AdapterState => ({ bankVersion: versionName(version), state });

/** Both again; a session that began before the bank was in a file has none. */
export function unstamped(state: AdapterState): {
  version?: ReturnType<typeof versionIn>;
  state: AdapterState;
} {
  const read = stamped.safeParse(state);
  return read.success
    ? { version: versionIn(read.data.bankVersion), state: read.data.state }
    : { state };
}
