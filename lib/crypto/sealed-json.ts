import { constants, deflateRawSync, inflateRawSync } from "node:zlib";
import { CompactEncrypt, compactDecrypt } from "jose";

/**
 * A step may hold a picture of the bank's (lib/challenges/picture.ts); what travels in an address
 * is small by itself.
 */
const maxJson = 256 * 1024;
/**
 * Only a picture makes a value this large. In base64 nothing repeats, so looking for repeats finds
 * nothing and takes four times as long.
 */
const bulky = 16 * 1024;

/**
 * A value as a compact JWE (RFC 7516, `dir` with `A256GCM`), compressed before it is encrypted
 * because the result travels in a URL inside a 2 KB fragment. The length of a sealed value
 * therefore tells a little about its content: never seal a secret beside text that somebody else
 * chose and may vary.
 *
 * @param kid names the key in the protected header, where there are several to choose from.
 * @throws {RangeError} when the value is larger than {@link openJson} would accept: a bug of the
 *   caller.
 */
export async function sealJson(key: Uint8Array, value: unknown, kid?: string): Promise<string> {
  const json = Buffer.from(JSON.stringify(value));
  if (json.length > maxJson) throw new RangeError("too large to seal");
  const packed = deflateRawSync(
    json,
    json.length > bulky ? { strategy: constants.Z_HUFFMAN_ONLY } : { level: 9 },
  );
  return new CompactEncrypt(packed)
    .setProtectedHeader({ alg: "dir", enc: "A256GCM", ...(kid ? { kid } : {}) })
    .encrypt(key);
}

/**
 * What {@link sealJson} sealed, or undefined for anything else: garbage, another key, one changed
 * bit. Never throws.
 *
 * @param keyFor the key for the `kid` of the header, which is not authenticated yet when it is
 *   asked.
 */
export async function openJson(
  keyFor: (kid: string | undefined) => Uint8Array | undefined,
  sealed: string,
): Promise<unknown> {
  if (!isCanonical(sealed)) return undefined;
  try {
    const { plaintext } = await compactDecrypt(
      sealed,
      ({ kid }) => {
        const key = keyFor(kid);
        if (!key) throw new RangeError("unknown key");
        return key;
      },
      { keyManagementAlgorithms: ["dir"], contentEncryptionAlgorithms: ["A256GCM"] },
    );
    // Bounded although only we can have compressed it: a leaked key must not become a zip bomb as
    // well.
    return JSON.parse(inflateRawSync(plaintext, { maxOutputLength: maxJson }).toString());
  } catch {
    return undefined;
  }
}

// The last character of a base64url part has spare bits which decoders ignore: without this one
// token could be written in several ways.
const isCanonical = (sealed: string) =>
  sealed.split(".").every((part) => Buffer.from(part, "base64url").toString("base64url") === part);
