import { isIP } from "node:net";
import { z } from "zod";
import { bankParagraphs, bankText, optionalBankText } from "../../challenges/form-text.ts";
import { languageTag } from "../../i18n/language-tag.ts";
import { address, headerName, secretFile, text, url } from "../../config/setting-values.ts";
import { byAssertion, byCertificate, bySecret } from "../client-authentication.ts";
import { tlsProblems } from "../tls-problems.ts";

const secretHeader = secretFile.refine(
  (value) => /^[\x21-\x7e]+$/.test(value),
  "names a file with more than one line of printable ASCII",
);
const field = z.strictObject({ label: bankText(), hint: optionalBankText() });
const headerText = text.regex(/^[\x21-\x7e]{1,100}$/, "must be printable ASCII without spaces");

/**
 * What the first screen asks. `fields` are in the bank's own words; `nothing` is for banks that ask
 * everything on a page of their own.
 */
const signIn = z.discriminatedUnion("ask", [
  z.strictObject({ ask: z.literal("password") }),
  z.strictObject({
    ask: z.literal("fields"),
    name: field,
    password: field.optional(),
    corporate: field.optional(),
  }),
  z.strictObject({
    ask: z.literal("nothing"),
    title: optionalBankText(300),
    paragraphs: bankParagraphs(),
  }),
]);

const consent = z.strictObject({
  /**
   * `offered`: accounts the person chooses at the bank. `all`: all of them. `list`: their names
   * only. `asked`: the one Sage asks about.
   */
  access: z.enum(["offered", "all", "list", "asked"]).default("asked"),
  /** 180 days is the most under Article 10a of Delegated Regulation (EU) 2018/389. */
  validDays: z.int().min(1).max(180).default(180),
  perDay: z.int().min(1).max(100).default(4),
});

const host = text.regex(/^[a-z0-9.-]+(:\d{1,5})?$/, "is not a host name in lower case");

/**
 * Who we are at the bank's authorisation server, for banks whose approach is OAuth (`scaOAuth`).
 */
const oauth = z.strictObject({
  clientId: text.max(256),
  authentication: z.discriminatedUnion("method", [bySecret, byAssertion, byCertificate], {
    error:
      "must have a method: client_secret_basic, client_secret_post, private_key_jwt or " +
      "tls_client_auth",
  }),
  /**
   * Where the server's metadata and its endpoints may be, beside the host of `url`; nothing is
   * asked and nobody is sent anywhere else.
   */
  hosts: z.array(host).max(20).default([]),
});

/** What the file of banks says of a bank with this adapter (docs/adapters/berlin-group.md). */
export const berlinGroupSettings = z
  .strictObject({
    /** The bank's XS2A interface, with its version: `https://xs2a.bank.example/psd2/v1`. */
    url: address.transform((value) => value.replace(/\/+$/, "")),
    /**
     * Told as PSU-IP-Address: we know our own, and not the person's (Sage's page may call us for
     * them).
     */
    ipAddress: text.refine((value) => isIP(value) !== 0, "is not an IP address"),
    signIn: signIn.default({ ask: "password" }),
    /** BCP 47 tag of the bank's own words, where its answers do not say (Content-Language). */
    lang: languageTag.optional(),
    psuIdType: headerText.optional(),
    corporateIdType: headerText.optional(),
    prefers: z.enum(["embedded", "decoupled", "redirect"]).optional(),
    explicitStart: z.boolean().optional(),
    /**
     * Our qualified certificate for websites (QWAC) and its key; `ca` for a bank whose certificate
     * the system does not know.
     */
    tls: z
      .strictObject({ cert: secretFile, key: secretFile, ca: secretFile.optional() })
      .superRefine((files, context) => {
        for (const { of, message } of tlsProblems(files))
          context.addIssue({ code: "custom", path: [of], message });
      })
      .optional(),
    /**
     * Headers the bank wants beside those of the standard, such as an API key; each value in a
     * file.
     */
    headers: z.record(headerName, secretHeader).default({}),
    consent: consent.prefault({}),
    /** Which of the bank's names for an account is Sage's `externalId`. */
    account: z.enum(["iban", "bban", "msisdn", "maskedPan", "resourceId"]).default("iban"),
    /** Where its pages may be, beside the origin of `url`; nobody is sent anywhere else. */
    pages: z
      .array(url.transform(({ origin }) => origin))
      .max(20)
      .default([]),
    opens: z.enum(["frame", "window"]).default("window"),
    /** The bank's words for a way to confirm, by its type, where its answers have none. */
    methodNames: z.record(z.string(), bankText(100)).default({}),
    /**
     * How many characters a code has, by the type of its way; banks themselves only tell how many
     * it has at most.
     */
    codeLengths: z.record(z.string(), z.int().min(4).max(12)).default({}),
    /**
     * The parameter of the return address that holds a confirmation code, where the bank wants it
     * back.
     */
    confirmationParameter: text.max(40).optional(),
    oauth: oauth.optional(),
    pollSeconds: z.int().min(2).max(60).default(3),
    timeoutSeconds: z.int().min(1).max(25).default(15),
  })
  .refine(({ consent: { access }, account }) => access !== "asked" || account !== "resourceId", {
    path: ["consent", "access"],
    message: "must not be asked where account is resourceId, which no consent can name",
  })
  .refine(({ oauth: asked, tls }) => asked?.authentication.method !== "tls_client_auth" || tls, {
    path: ["oauth", "authentication"],
    message: "needs tls for tls_client_auth",
  });

export type BerlinGroupSettings = z.output<typeof berlinGroupSettings>;
