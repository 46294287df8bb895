import { BoundedMap } from "./bounded-map.ts";
import type { CallCounts } from "./control-api.ts";

const TOKENS_KEPT = 1_000;

/** The access tokens Sage ID gave out and the Provider API takes. */
export type AccessTokens = {
  issue(token: string, lifetimeSeconds: number): void;
  isGood(token: string): boolean;
  revokeAll(): void;
};

/**
 * Makes an empty list of access tokens. A token it does not know, or no longer, is refused like a
 * foreign one.
 *
 * @param counts where every token given out is counted
 */
export function createAccessTokens(counts: Pick<CallCounts, "tokensIssued">): AccessTokens {
  const expiries = new BoundedMap<string, number>(TOKENS_KEPT);
  return {
    issue(token, lifetimeSeconds) {
      counts.tokensIssued++;
      expiries.set(token, Date.now() + lifetimeSeconds * 1_000);
    },
    isGood: (token) => (expiries.get(token) ?? 0) > Date.now(),
    revokeAll: () => expiries.clear(),
  };
}
