import {
  constants,
  createHmac,
  createPrivateKey,
  createPublicKey,
  sign,
  type JsonWebKey,
} from "node:crypto";

import type { TokenOverrides } from "./control-api.ts";

type Algorithm = NonNullable<TokenOverrides["alg"]>;

/**
 * Signs a token the way an attacker would, which the mock server library rightly does not.
 *
 * @param alg the algorithm named in the header and used
 * @param kid the key named in the header; null names none
 * @param privateKey an RSA key as a private JWK
 */
export function forgeToken(
  alg: Algorithm,
  kid: string | null,
  claims: Readonly<Record<string, unknown>>,
  privateKey: JsonWebKey,
): string {
  const header = { alg, typ: "JWT", ...(kid === null ? {} : { kid }) };
  const signed = [header, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".");
  return `${signed}.${signature(alg, signed, privateKey).toString("base64url")}`;
}

function signature(alg: Algorithm, signed: string, jwk: JsonWebKey): Buffer {
  const data = Buffer.from(signed);
  const key = createPrivateKey({ key: jwk, format: "jwk" });
  switch (alg) {
    case "none":
      return Buffer.alloc(0);
    case "HS256":
      return createHmac("sha256", createPublicKey(key).export({ type: "spki", format: "pem" }))
        .update(data)
        .digest();
    case "PS256":
      return sign("sha256", data, {
        key,
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength: 32,
      });
    default:
      return sign(`sha${alg.slice(2)}`, data, key);
  }
}
