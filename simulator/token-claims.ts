import type { TokenOverrides } from "./control-api.ts";
import type { BankingServiceSettings } from "./read-settings.ts";

const LIFETIME_SECONDS = 28_800;

/**
 * The claims of a notification's token: what Sage ID puts into a client-credentials token of
 * Banking Service's own, with the overrides of a test laid over it.
 *
 * @see Sage’s developer pages, "POST notification", the token
 */
export function tokenClaims(
  settings: BankingServiceSettings,
  overrides: TokenOverrides,
): Record<string, unknown> {
  const now = Math.floor(Date.now() / 1_000);
  const { expiresInSeconds = LIFETIME_SECONDS, notBeforeSeconds } = overrides;
  const claims = {
    iss: overrides.issuer === undefined ? settings.urls.sageIdIssuer : overrides.issuer,
    sub: `${settings.authorizedParty}@clients`,
    aud: overrides.audience === undefined ? settings.notificationAudience : overrides.audience,
    iat: now,
    exp: expiresInSeconds === null ? null : now + expiresInSeconds,
    nbf: notBeforeSeconds === undefined ? null : now + notBeforeSeconds,
    azp:
      overrides.authorizedParty === undefined
        ? settings.authorizedParty
        : overrides.authorizedParty,
    gty: "client-credentials",
    ...overrides.claims,
  };
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== null));
}
