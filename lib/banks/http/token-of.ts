import { createPrivateKey } from "node:crypto";
import { PrivateKeyJwt } from "openid-client";
import { type AccessTokenSource, createAccessTokenSource } from "../../sage/access-token.ts";
import { algorithmOf, type HttpSettings } from "./settings.ts";

/**
 * Tokens for calls to a bank, by a signed assertion; undefined where our certificate is all it asks
 * for.
 */
export function tokenOf(
  auth: HttpSettings["auth"],
  deps: Parameters<typeof createAccessTokenSource>[1],
): AccessTokenSource | undefined {
  if (auth.method !== "private_key_jwt") return undefined;
  const { tokenUrl, clientId, keyFile, kid, issuer, audience, scope } = auth;
  const alg = algorithmOf(keyFile);
  if (!alg) throw new TypeError("the key was read before");
  const algorithm = {
    PS256: { name: "RSA-PSS", hash: "SHA-256" },
    ES256: { name: "ECDSA", namedCurve: "P-256" },
    EdDSA: { name: "Ed25519" },
  }[alg];
  // Node's type of the same thing knows more usages than the DOM's.
  const key = createPrivateKey(keyFile).toCryptoKey(algorithm, false, ["sign"]) as CryptoKey;
  const clientAuth = PrivateKeyJwt(kid === undefined ? key : { key, kid });
  return createAccessTokenSource(
    {
      tokenUrl,
      clientId,
      clientAuth,
      ...(issuer ? { issuer } : {}),
      ...(audience ? { audience } : {}),
      ...(scope ? { scope } : {}),
    },
    deps,
  );
}
