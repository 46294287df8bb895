import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { calculateJwkThumbprint, compactDecrypt, exportJWK, importJWK } from "jose";
import { describe, expect, test } from "vitest";
import { createGrantEncryption, grantKey, grantKeysProblem } from "./grant-key.ts";

const ec = (namedCurve: string) => generateKeyPairSync("ec", { namedCurve });
const rsa = (modulusLength: number) => generateKeyPairSync("rsa", { modulusLength });
const pem = (key: KeyObject) => key.export({ type: "spki", format: "pem" }).toString();
const jwk = (key: KeyObject, more: object = {}) =>
  JSON.stringify({ ...key.export({ format: "jwk" }), ...more });
const p256 = ec("prime256v1");
const grant = { accessToken: "sw0rdfish", nested: { a: [1, null, "ü"] } };

describe("a grant is encrypted to", () => {
  test.each([
    ["P-256", p256, "ECDH-ES+A256KW"],
    ["P-384", ec("secp384r1"), "ECDH-ES+A256KW"],
    ["P-521", ec("secp521r1"), "ECDH-ES+A256KW"],
    ["RSA of 2048 bits", rsa(2048), "RSA-OAEP-256"],
  ])("a key on %s, as PEM and as JWK", async (_, { publicKey, privateKey }, alg) => {
    const thumbprint = await calculateJwkThumbprint(await exportJWK(publicKey));
    for (const [content, kid] of [
      [pem(publicKey), thumbprint],
      [jwk(publicKey), thumbprint],
      [jwk(publicKey, { kid: "2026-11", use: "enc", alg }), "2026-11"],
    ] as const) {
      const jwe = await createGrantEncryption(content)(grant);
      expect(jwe.split(".")).toHaveLength(5);
      expect(jwe).not.toContain("sw0rdfish");
      const { plaintext, protectedHeader } = await compactDecrypt(jwe, privateKey);
      expect(JSON.parse(Buffer.from(plaintext).toString())).toEqual(grant);
      expect(protectedHeader).toMatchObject({
        alg,
        enc: "A256GCM",
        kid,
        cty: "application/json",
      });
    }
  });
  test("the same key, and never twice alike", async () => {
    const encrypt = createGrantEncryption(pem(p256.publicKey));
    expect(await encrypt(grant)).not.toBe(await encrypt(grant));
  });
  test("a key that another library reads from the same JWK", async () => {
    const content = jwk(p256.publicKey);
    const other = await importJWK(p256.privateKey.export({ format: "jwk" }), "ECDH-ES+A256KW");
    await expect(
      compactDecrypt(await createGrantEncryption(content)(grant), other),
    ).resolves.toBeDefined();
  });
});

const { privateKey } = p256;
const ed25519 = generateKeyPairSync("ed25519");
const isPrivate = expect.stringContaining("names a private key") as string;
const none = "names a file without a public key (PEM or one JWK)";
describe("no grant is encrypted to", () => {
  test.each<[string, string, string]>([
    [
      "a private key in PEM",
      privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
      isPrivate,
    ],
    [
      "a private key in PEM of SEC 1",
      privateKey.export({ type: "sec1", format: "pem" }).toString(),
      isPrivate,
    ],
    [
      "an encrypted private key",
      privateKey
        .export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "x" })
        .toString(),
      isPrivate,
    ],
    [
      "a public key with its private one below",
      `${pem(p256.publicKey)}${privateKey.export({ type: "pkcs8", format: "pem" }).toString()}`,
      isPrivate,
    ],
    ["a private JWK", jwk(privateKey), isPrivate],
    ["a shared secret", JSON.stringify({ kty: "oct", k: "AAAA" }), isPrivate],
    ["a key to sign with", pem(ed25519.publicKey), "names a key that is neither EC nor RSA"],
    [
      "a key to sign with, as JWK",
      jwk(ed25519.publicKey),
      "names a key that is neither EC nor RSA",
    ],
    [
      "X25519",
      pem(generateKeyPairSync("x25519").publicKey),
      "names a key that is neither EC nor RSA",
    ],
    [
      "RSA-PSS",
      pem(generateKeyPairSync("rsa-pss", { modulusLength: 2048 }).publicKey),
      "names a key that is neither EC nor RSA",
    ],
    ["RSA of 1024 bits", pem(rsa(1024).publicKey), "names an RSA key of fewer than 2048 bits"],
    [
      "a curve of other purposes",
      pem(ec("secp256k1").publicKey),
      "names a key on a curve that is none of P-256, P-384 and P-521",
    ],
    [
      "a key that its owner marked for signatures",
      jwk(p256.publicKey, { use: "sig" }),
      'names a key that is not for encryption (its "use")',
    ],
    [
      "a key for another algorithm",
      jwk(p256.publicKey, { alg: "ECDH-ES" }),
      'names a key for another algorithm than ECDH-ES+A256KW (its "alg")',
    ],
    ["a text", "swordfish", none],
    ["half a JWK", '{"kty":', none],
    ["a JWK without its point", JSON.stringify({ kty: "EC", crv: "P-256" }), none],
    [
      "a point that is on no curve",
      JSON.stringify({ kty: "EC", crv: "P-256", x: "AAAA", y: "AAAA" }),
      none,
    ],
    ["a set of keys", JSON.stringify({ keys: [] }), none],
    [
      "a key with a name that is none",
      jwk(p256.publicKey, { kid: 7 }),
      'names a key whose "kid" is no text of 1 to 256 characters',
    ],
    [
      "a key with an endless name",
      jwk(p256.publicKey, { kid: "x".repeat(257) }),
      'names a key whose "kid" is no text of 1 to 256 characters',
    ],
  ])("%s", (_, content, problem) => expect(grantKey(content)).toEqual(problem));

  test("one of two that are the same, however they are written", () => {
    const [one, other] = [p256.publicKey, ec("prime256v1").publicKey];
    expect(grantKeysProblem([pem(one), jwk(one, { kid: "x" })])).toBe("names the same key twice");
    expect(grantKeysProblem([jwk(one, { kid: "x" }), jwk(other, { kid: "x" })])).toBe(
      'names two keys with the same "kid"',
    );
    expect(grantKeysProblem([pem(one), pem(other)])).toBeUndefined();
  });
});
