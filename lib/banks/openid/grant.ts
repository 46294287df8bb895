import { createHash } from "node:crypto";
import { exportJWK } from "jose";
import type { ServerMetadata } from "openid-client";
import { z } from "zod";
import { type Grant, jsonBytes, maxGrantBytes, maxUndoBytes, type Undo } from "../bank-adapter.ts";
import type { TokenBinding, Tokens } from "./accounts.ts";

/** What the provider's feed reads the accounts with from now on. */
export async function grantOf(
  tokens: Tokens,
  { keyPair }: TokenBinding,
  { issuer, nowMs }: { issuer: string; nowMs: number },
): Promise<Grant> {
  const { access_token, refresh_token, id_token, scope, token_type, expires_in } = tokens;
  const grant = {
    issuer,
    accessToken: access_token,
    tokenType: token_type,
    ...(refresh_token === undefined ? {} : { refreshToken: refresh_token }),
    ...(scope === undefined ? {} : { scope }),
    ...(expires_in === undefined
      ? {}
      : { expiresAt: new Date(nowMs + expires_in * 1000).toISOString() }),
    // RFC 9449 §5: without it, neither token is good for anything.
    ...(keyPair
      ? { dpopKey: (await exportJWK(keyPair.privateKey)) as Record<string, string> }
      : {}),
  };
  // The one part that reads nothing is left out where it would not fit.
  const whole = { ...grant, ...(id_token === undefined ? {} : { idToken: id_token }) };
  return jsonBytes(whole) <= maxGrantBytes ? whole : grant;
}

/** The tokens that an `undo` of ours names. */
export const undoTokens = z.strictObject({
  refreshToken: z.string().optional(),
  accessToken: z.string().optional(),
});

/**
 * What revokes tokens; undefined at a provider without revocation, where there is no way to. Where
 * both do not fit, the refresh token alone: a provider then ends what was made of it (RFC 7009
 * §2.1).
 */
export function undoOf(
  { access_token: accessToken, refresh_token: refreshToken }: Tokens,
  { revocation_endpoint: endpoint }: ServerMetadata,
): Undo | undefined {
  if (endpoint === undefined) return undefined;
  const id = createHash("sha256")
    .update(refreshToken ?? accessToken)
    .digest("base64url");
  const both = refreshToken === undefined ? [] : [{ refreshToken, accessToken }, { refreshToken }];
  return [...both, { accessToken }]
    .map((state) => ({ id, state }))
    .find((undo) => jsonBytes(undo) <= maxUndoBytes);
}
