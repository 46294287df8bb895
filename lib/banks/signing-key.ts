import { createPrivateKey, type JsonWebKey, type KeyObject } from "node:crypto";

/** A key to sign with, and the algorithm that goes with it (FAPI 2.0 §5.4: PS256 or ES256). */
export interface SigningKey {
  key: CryptoKey;
  algorithm: "PS256" | "ES256";
}

/**
 * The private key in a file's content, PEM or one JWK; or what is wrong with it, in words that
 * quote nothing of it.
 */
export function signingKey(content: string): SigningKey | string {
  try {
    const found = readKey(content);
    const { asymmetricKeyType: type, asymmetricKeyDetails: details } = found;
    if (type === "ec" && details?.namedCurve === "prime256v1")
      return { key: cryptoKey(found, { name: "ECDSA", namedCurve: "P-256" }), algorithm: "ES256" };
    if (type === "rsa" && (details?.modulusLength ?? 0) >= 2048)
      return { key: cryptoKey(found, { name: "RSA-PSS", hash: "SHA-256" }), algorithm: "PS256" };
    return "names a key that is neither EC P-256 nor RSA of at least 2048 bits";
  } catch {
    return "names a file without a private key (PEM or JWK)";
  }
}

const readKey = (content: string): KeyObject =>
  content.startsWith("{")
    ? createPrivateKey({ key: JSON.parse(content) as JsonWebKey, format: "jwk" })
    : createPrivateKey(content);

// The types of Node and of the DOM differ in a usage that neither has here.
const cryptoKey = (key: KeyObject, algorithm: Parameters<KeyObject["toCryptoKey"]>[0]) =>
  key.toCryptoKey(algorithm, false, ["sign"]) as CryptoKey;

/** The same where the settings have been read, which is when it was judged. */
export function goodSigningKey(content: string): SigningKey {
  const read = signingKey(content);
  if (typeof read === "string") throw new TypeError(read);
  return read;
}
