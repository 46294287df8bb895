import { createPrivateKey } from "node:crypto";
import { z } from "zod";
import { challengeSchema } from "../../challenges/index.ts";
import { languageTag } from "../../i18n/language-tag.ts";
import { address, secretFile, text } from "../../config/setting-values.ts";
import { tlsProblems } from "../tls-problems.ts";

/**
 * The algorithm that goes with a key (RFC 7518, RFC 8037); undefined for a key that is none of
 * ours. RSA keys under 2048 bits are too short (RFC 7518 §3.5).
 */
export function algorithmOf(pem: string): "PS256" | "ES256" | "EdDSA" | undefined {
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = createPrivateKey(pem);
    if (asymmetricKeyType === "rsa" && (asymmetricKeyDetails?.modulusLength ?? 0) >= 2048)
      return "PS256";
    if (asymmetricKeyType === "ec" && asymmetricKeyDetails?.namedCurve === "prime256v1")
      return "ES256";
    return asymmetricKeyType === "ed25519" ? "EdDSA" : undefined;
  } catch {
    return undefined;
  }
}

const host = z.string().regex(/^[a-z0-9.-]{1,253}(:\d{1,5})?$/, "is not a host name");

const tls = z
  .strictObject({
    /** Our certificate and its key, for mutual TLS (RFC 8705); both or none. */
    certFile: secretFile.optional(),
    keyFile: secretFile.optional(),
    /** Authorities of the bank's own, in place of the system's. */
    caFile: secretFile.optional(),
  })
  .superRefine(({ certFile, keyFile, caFile }, context) => {
    for (const { of, message } of tlsProblems({ cert: certFile, key: keyFile, ca: caFile }))
      context.addIssue({ code: "custom", path: [`${of}File`], message });
  });

const auth = z.discriminatedUnion("method", [
  /**
   * OAuth 2.0 client credentials, the client proving itself by a signed assertion (RFC 6749 §4.4,
   * RFC 7523 §2.2).
   */
  z.strictObject({
    method: z.literal("private_key_jwt"),
    tokenUrl: address,
    clientId: text.max(256),
    keyFile: secretFile.refine(
      (pem) => algorithmOf(pem) !== undefined,
      "names no private key in PEM (RSA of 2048 bits or more, P-256 or Ed25519)",
    ),
    kid: text.max(256).optional(),
    /** Who the assertion is for, where that is not the token's own address. */
    issuer: address.optional(),
    audience: text.max(1000).optional(),
    scope: text.max(1000).optional(),
  }),
  /** Nothing but our certificate. */
  z.strictObject({ method: z.literal("mutual-tls") }),
]);

/** What the entry of a bank says that serves our bank API (docs/bank-api.yaml). */
export const httpSettings = z
  .strictObject({
    /** Where the API is; the operations' names follow it. */
    url: address.transform((value) => value.replace(/\/+$/, "")),
    auth,
    tls: tls.optional(),
    /** Hosts that a page of the bank's own may be on. */
    redirectHosts: z.array(host).max(20).default([]),
    /**
     * What the first screen asks; without it, the bank is asked ahead, and until it has answered
     * the screen asks for user name and password.
     */
    firstChallenge: challengeSchema.optional(),
    lang: languageTag.optional(),
  })
  .superRefine(({ auth, tls, url }, context) => {
    const [cert, key] = [tls?.certFile !== undefined, tls?.keyFile !== undefined];
    if (cert !== key)
      context.addIssue({
        code: "custom",
        path: ["tls"],
        message: "needs certFile and keyFile, or neither",
      });
    if (auth.method === "mutual-tls" && !(cert && key))
      context.addIssue({
        code: "custom",
        path: ["tls"],
        message: "needs certFile and keyFile for mutual-tls",
      });
    if (auth.method === "mutual-tls" && !url.startsWith("https:"))
      context.addIssue({ code: "custom", path: ["url"], message: "must be https for mutual-tls" });
  });
export type HttpSettings = z.output<typeof httpSettings>;
