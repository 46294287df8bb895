import type { IncomingMessage, RequestListener } from "node:http";

import { createAccessTokens, type AccessTokens } from "./access-tokens.ts";
import type { CallCounts, TokenOverrides } from "./control-api.ts";
import { forgeToken } from "./forge-token.ts";
import { createOAuthService, type OAuthService } from "./oauth-service.ts";
import type { BankingServiceSettings } from "./read-settings.ts";
import { tokenClaims } from "./token-claims.ts";

/** Sage gives tokens of 480 minutes (Sage’s developer pages). */
const LIFETIME_SECONDS = 28_800;

/** Sage's OAuth 2.0 server. */
export type SageId = {
  readonly accessTokens: AccessTokens;
  /** Serves the keys and the token endpoint, addressed without the issuer's path. */
  readonly handle: RequestListener;
  /** Makes the token that goes with a notification. */
  notificationToken(overrides?: TokenOverrides): Promise<string>;
  /**
   * Signs with a new key from now on.
   *
   * @param keepPrevious whether the key before stays published, as it does while real tokens signed
   *   by it live
   */
  rotateKeys(keepPrevious: boolean): Promise<void>;
  /** Sets how long the token lives that this request asks for, in seconds. */
  setLifetime(request: IncomingMessage, seconds: number): void;
};

/**
 * Starts Sage ID with one key.
 *
 * @param counts where every access token given out is counted
 */
export async function createSageId(
  settings: BankingServiceSettings,
  counts: CallCounts,
): Promise<SageId> {
  const accessTokens = createAccessTokens(counts);
  const lifetimes = new WeakMap<IncomingMessage, number>();
  const withNewKey = () =>
    createOAuthService(
      settings,
      accessTokens,
      (request) => lifetimes.get(request) ?? LIFETIME_SECONDS,
    );

  let current = await withNewKey();
  return {
    accessTokens,
    handle: (request, response) => current.service.requestHandler(request, response),
    setLifetime: (request, seconds) => void lifetimes.set(request, seconds),
    async rotateKeys(keepPrevious) {
      const previous = current.issuer.keys.get(current.kid);
      const next = await withNewKey();
      if (keepPrevious && previous) await next.issuer.keys.add(previous);
      current = next;
    },
    async notificationToken(overrides = {}) {
      const { kid } = current;
      const claims = tokenClaims(settings, overrides);
      const isForged =
        overrides.alg !== undefined || overrides.strangerKey || overrides.kid === null;
      if (!isForged) return signedByTheLibrary(current, overrides.kid ?? kid, claims);
      const signer = overrides.strangerKey ? await withNewKey() : current;
      const key = signer.issuer.keys.get(signer.kid);
      if (!key) throw new Error("Sage ID has no key to sign with.");
      return forgeToken(
        overrides.alg ?? "RS256",
        overrides.kid === undefined ? kid : overrides.kid,
        claims,
        key,
      );
    },
  };
}

function signedByTheLibrary(
  { issuer, kid }: OAuthService,
  kidShown: string,
  claims: Record<string, unknown>,
) {
  return issuer.buildToken({
    kid,
    scopesOrTransform(header, payload) {
      header.kid = kidShown;
      // The library's own claims go: a token that shall have no exp must have none.
      for (const name of Object.keys(payload)) Reflect.deleteProperty(payload, name);
      Object.assign(payload, claims);
    },
  });
}
