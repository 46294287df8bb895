import { createHash } from "node:crypto";
import type { CryptoKey, JWTHeaderParameters } from "jose";

/** What was true of a token when it was verified. */
export interface GoodToken {
  header: JWTHeaderParameters;
  /** The key its signature is good with. */
  key: CryptoKey;
  /** When it stops being good, in milliseconds since 1970, the leeway included. */
  untilMs: number;
}

/**
 * Tokens that were verified, so that the signature of one that comes again is not reckoned again:
 * one of Sage ID's lives for hours and serves thousands of notifications (Sage’s developer pages).
 */
export interface VerifiedTokens {
  find: (token: string) => GoodToken | undefined;
  add: (token: string, good: GoodToken) => void;
}

const maxTokens = 100;

export function verifiedTokenCache(): VerifiedTokens {
  // By digest: no token stays in the process, and how long a look-up takes says nothing about one.
  const known = new Map<string, GoodToken>();
  const digest = (token: string) => createHash("sha256").update(token).digest("base64");
  return {
    find: (token) => known.get(digest(token)),
    add(token, good) {
      if (known.size >= maxTokens) known.clear();
      known.set(digest(token), good);
    },
  };
}
