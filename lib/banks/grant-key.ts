import { createHash, createPublicKey, type KeyObject } from "node:crypto";
import { CompactEncrypt } from "jose";
import { z } from "zod";

/** A provider's public key to encrypt grants to, and what goes into the header with it. */
interface GrantKey {
  key: KeyObject;
  alg: "ECDH-ES+A256KW" | "RSA-OAEP-256";
  /** The `kid` of the JWK, or its thumbprint (RFC 7638). */
  kid: string;
  thumbprint: string;
}

// RFC 7518 §6.2.1.1.
const curves = ["prime256v1", "secp384r1", "secp521r1"];
const minRsaBits = 2048;

const jwkSchema = z.looseObject({
  kty: z.string(),
  kid: z.string().min(1).max(256).optional(),
  use: z.string().optional(),
  alg: z.string().optional(),
});
type Jwk = z.output<typeof jwkSchema>;

const noKey = "names a file without a public key (PEM or one JWK)";
const isPrivate =
  "names a private key: give the public one, and keep the private one where grants are decrypted";

/**
 * The public key in a file's content, PEM or one JWK; or what is wrong with it, in words that quote
 * nothing of it.
 */
export function grantKey(content: string): GrantKey | string {
  // `createPublicKey` would take the public half of a private key.
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(content)) return isPrivate;
  const jwk = content.startsWith("{") ? readJwk(content) : undefined;
  if (typeof jwk === "string") return jwk;
  let key: KeyObject;
  try {
    key = jwk ? createPublicKey({ key: jwk, format: "jwk" }) : createPublicKey(content);
  } catch {
    return noKey;
  }
  const alg = algorithmOf(key);
  if (alg !== "ECDH-ES+A256KW" && alg !== "RSA-OAEP-256") return alg;
  if (jwk?.use !== undefined && jwk.use !== "enc")
    return 'names a key that is not for encryption (its "use")';
  if (jwk?.alg !== undefined && jwk.alg !== alg)
    return `names a key for another algorithm than ${alg} (its "alg")`;
  const thumbprint = thumbprintOf(key);
  return { key, alg, kid: jwk?.kid ?? thumbprint, thumbprint };
}

function readJwk(content: string): Jwk | string {
  let json: unknown;
  try {
    json = JSON.parse(content);
  } catch {
    return noKey;
  }
  const { data: jwk, error } = jwkSchema.safeParse(json);
  if (!jwk)
    return error.issues.some(({ path }) => path[0] === "kid")
      ? 'names a key whose "kid" is no text of 1 to 256 characters'
      : noKey;
  if (jwk.kty === "oct" || "d" in jwk) return isPrivate;
  return jwk.kty === "EC" || jwk.kty === "RSA" ? jwk : wrongType;
}

const wrongType = "names a key that is neither EC nor RSA";

/** The algorithm that goes with a key, or why there is none. */
function algorithmOf(key: KeyObject): string {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  if (type === "ec")
    return curves.includes(details?.namedCurve ?? "")
      ? "ECDH-ES+A256KW"
      : "names a key on a curve that is none of P-256, P-384 and P-521";
  if (type !== "rsa") return wrongType;
  return (details?.modulusLength ?? 0) >= minRsaBits
    ? "RSA-OAEP-256"
    : `names an RSA key of fewer than ${minRsaBits} bits`;
}

/** RFC 7638 §3: the required members alone, in lexicographic order. */
function thumbprintOf(key: KeyObject): string {
  const { kty, crv, x, y, n, e } = key.export({ format: "jwk" });
  const required = kty === "EC" ? { crv, kty, x, y } : { e, kty, n };
  return createHash("sha256").update(JSON.stringify(required)).digest("base64url");
}

/** What is wrong with keys of which each is good by itself. */
export function grantKeysProblem(contents: readonly string[]): string | undefined {
  const keys = contents.map(grantKey).filter((key) => typeof key !== "string");
  const repeats = (of: (key: GrantKey) => string) => new Set(keys.map(of)).size < keys.length;
  if (repeats(({ thumbprint }) => thumbprint)) return "names the same key twice";
  return repeats(({ kid }) => kid) ? 'names two keys with the same "kid"' : undefined;
}

/**
 * Encrypts grants to a provider's public key, as compact JWEs (RFC 7516).
 * @param content of the key's file, which was judged as it was read.
 */
export function createGrantEncryption(content: string): (grant: unknown) => Promise<string> {
  const read = grantKey(content);
  if (typeof read === "string") throw new TypeError(read);
  const { key, alg, kid } = read;
  const header = { alg, enc: "A256GCM", kid, cty: "application/json" };
  return (grant) =>
    new CompactEncrypt(new TextEncoder().encode(JSON.stringify(grant)))
      .setProtectedHeader(header)
      .encrypt(key);
}
