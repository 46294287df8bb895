import { type Configuration, ResponseBodyError, tokenRevocation } from "openid-client";
import type { Clock } from "../../clock/clock.ts";
import type { AccountLookup } from "../account-lookup.ts";
import type { BankRequest, BankResult, CallOptions, Undo } from "../bank-adapter.ts";
import { createAccountsOf, type NotTaken, type TokenBinding, type Tokens } from "./accounts.ts";
import { grantOf, undoOf, undoTokens } from "./grant.ts";
import type { Provider } from "./provider.ts";
import type { VerifySignature } from "./provider-keys.ts";
import type { OpenidSettings } from "./settings.ts";

/** How long somebody waits for the revocation of tokens that are of no use any more. */
const revokeMs = 2000;

/** What a provider says of a token that it cannot revoke, since it is none or no longer one. */
const gone = ["invalid_token", "invalid_grant", "unsupported_token_type"];

/**
 * What becomes of the tokens of a journey: they tell the accounts, and then are granted to the
 * provider's feed, or revoked where it has no key.
 */
export function createTokenUse(
  settings: OpenidSettings,
  {
    provider,
    grants,
    clock,
    notTaken,
    lookup,
  }: {
    provider: Provider;
    grants: boolean;
    clock: Clock;
    notTaken: NotTaken;
    lookup: AccountLookup;
  },
) {
  const accountsOf = createAccountsOf(settings, { notTaken, lookup });

  /** Revokes tokens (RFC 7009). @throws RemoteFault, OpenIdError */
  const revoke = (state: unknown, signal: AbortSignal): Promise<void> =>
    provider.use("revocation_endpoint", signal, async (config) => {
      // There may have been one, when they were given.
      if (config.serverMetadata().revocation_endpoint === undefined) return;
      const { refreshToken, accessToken } = undoTokens.parse(state);
      await revokeOne(config, "refresh_token", refreshToken);
      await revokeOne(config, "access_token", accessToken);
    });

  return {
    revoke,

    use: async (
      { request, signal, mustUndo }: CallOptions & { request: BankRequest },
      config: Configuration,
      tokens: Tokens,
      binding: TokenBinding,
      verify: VerifySignature,
    ): Promise<BankResult> => {
      const undo = undoOf(tokens, config.serverMetadata());
      if (grants && undo) mustUndo?.(undo);
      try {
        const result = await accountsOf({ request, signal }, config, tokens, binding, verify);
        if (!grants || result.type !== "authorised") return result;
        const grant = await grantOf(tokens, binding, {
          issuer: settings.issuer,
          nowMs: clock.now().getTime(),
        });
        return { ...result, grant, ...(undo ? { undo } : {}) };
      } finally {
        if (!grants && undo) {
          const revoked: Undo[] = [];
          const revoking = revoke(undo.state, signal).then(() => revoked.push(undo));
          await clock.atMost(revokeMs, revoking);
          if (revoked.length === 0) mustUndo?.(undo);
        }
      }
    },
  };
}
export type TokenUse = ReturnType<typeof createTokenUse>;

async function revokeOne(
  config: Configuration,
  hint: "refresh_token" | "access_token",
  token: string | undefined,
): Promise<void> {
  if (token === undefined) return;
  await tokenRevocation(config, token, { token_type_hint: hint }).catch((error: unknown) => {
    if (!(error instanceof ResponseBodyError && gone.includes(error.error))) throw error;
  });
}
