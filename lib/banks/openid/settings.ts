import { z } from "zod";
import { bankParagraphs, bankText, optionalBankText } from "../../challenges/form-text.ts";
import { languageTag } from "../../i18n/language-tag.ts";
import { address, text, url } from "../../config/setting-values.ts";
import { accountIdentifiers } from "../lookup-answer.ts";
import { loginHint } from "./login-hint.ts";
import { isKnownErrorCode } from "./openid-error.ts";
import { byAssertion, bySecret } from "../client-authentication.ts";

/**
 * Where a person may confirm: in the bank's app (CIBA), or on a page of the bank's own
 * (authorization code).
 */
const flows = ["ciba", "authorization_code"] as const;
export type Flow = (typeof flows)[number];

// RFC 6749 Appendix A: VSCHAR. Whatever is longer does not fit into a pushed request beside the
// rest.
const parameterText = text
  .max(500, "is too long")
  .regex(/^[\x20-\x7e]*$/, "has characters that no parameter may have");
/** What the adapter says itself; said twice, it would be up to the provider which one counts. */
const ownParameters = [
  "client_id",
  "redirect_uri",
  "response_type",
  "response_mode",
  "scope",
  "state",
  "nonce",
  "code_challenge",
  "code_challenge_method",
  "login_hint",
  "acr_values",
  "binding_message",
  "client_notification_token",
  "request",
  "request_uri",
  "claims",
  "ui_locales",
];

const authentication = z.discriminatedUnion("method", [byAssertion, bySecret], {
  error: "must have a method: private_key_jwt, client_secret_basic or client_secret_post",
});

/** A way through JSON: names of members; lists on the way are gone through. */
const path = z.array(text).min(1, "is empty").max(10, "is too long");
const readAccounts = {
  /** To the id of each account. */
  path,
  /** Which of the bank's names for an account that id is, for the look-up (account-lookup.ts). */
  identifier: z
    .enum(accountIdentifiers, { error: `must be one of ${accountIdentifiers.join(", ")}` })
    .default("resourceId"),
  /** Ways from the object that has the id in it to what else is known of the account. */
  details: z
    .strictObject({
      name: path,
      bankIdentifier: path,
      branchIdentifier: path,
      accountIdentifier: path,
      type: path,
    })
    .partial()
    .default({}),
};
const accounts = z.discriminatedUnion(
  "from",
  [
    z.strictObject({ from: z.enum(["id-token", "userinfo"]), ...readAccounts }),
    z.strictObject({ from: z.literal("call"), url: address, ...readAccounts }),
  ],
  { error: "must say from where: id-token, userinfo or call" },
);

/** Around a name; nothing else in braces, so that a misspelled placeholder is no text. */
const hintTemplate = text
  .max(200, "is too long")
  .regex(/^[\x20-\x7e]*$/, "has characters that no parameter may have")
  // In a key of JSON it stays as it is, and everybody would have one hint.
  .refine(
    (template) => loginHint(template, "a") !== loginHint(template, "b"),
    "must contain {username}",
  )
  .refine(
    (template) => !/\{\w*\}/.test(template.replaceAll("{username}", "")),
    "has a placeholder that is not {username}",
  );

// RFC 6749 §5.2. What says something else of the bank, of us or of a person is not taken for a
// wrong name.
const personError = text
  .max(100, "is too long")
  .regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, "is no error code")
  .refine((code) => !isKnownErrorCode(code), "has another meaning already");

const host = text.regex(/^[a-z0-9.-]+(:\d{1,5})?$/, "is not a host name in lower case");

/** What a bank's entry says about its OpenID Provider (docs/adapters/openid.md). */
export const openidSettings = z
  .strictObject({
    /**
     * Compared as a string with what the provider calls itself, so it is kept exactly as written.
     */
    issuer: text.refine((value) => url.safeParse(value).success, "is not an absolute https URL"),
    /**
     * Other hosts on which the provider has endpoints; on any but these and the issuer's none is
     * called, and nobody is sent there.
     */
    hosts: z.array(host).max(20).default([]),
    clientId: text,
    authentication,
    /** `fapi-2`: what the provider must offer is checked, and nothing weaker is used. */
    profile: z.enum(["fapi-2", "basic"], { error: "must be fapi-2 or basic" }).default("fapi-2"),
    idTokenAlgorithm: z
      .enum(["PS256", "ES256", "EdDSA", "RS256"], { error: "must be PS256, ES256, EdDSA or RS256" })
      .default("PS256"),
    /**
     * Whether requests are signed (RFC 9101; CIBA §7.1.1), as FAPI-CIBA and FAPI 2.0 message
     * signing want it.
     */
    signRequests: z.boolean().default(false),
    /** Whether access tokens are bound to a key of ours (RFC 9449). */
    dpop: z.boolean().default(false),
    scope: text
      .refine((value) => value.split(" ").includes("openid"), "must contain openid")
      .default("openid"),
    /** Of these the provider must have reached one; none means that any will do. */
    acrValues: z.array(text.regex(/^\S+$/, "has a space in it")).max(10).default([]),
    parameters: z
      .record(z.string(), parameterText)
      .refine(
        (given) => !Object.keys(given).some((name) => ownParameters.includes(name)),
        "names a parameter that the connector sets",
      )
      .default({}),
    claims: z.record(z.string(), z.json()).optional(),
    /** The first is offered first; any other by “Use another way”. */
    flows: z
      .array(z.enum(flows, { error: "must be ciba or authorization_code" }))
      .min(1, "is empty")
      .refine((given) => new Set(given).size === given.length, "names one twice"),
    /** How the person says who they are: the field whose entry is the `login_hint`. */
    person: z
      .strictObject({
        label: bankText(),
        hint: optionalBankText(),
        inputMode: z
          .enum(["text", "numeric", "email", "tel"], {
            error: "must be text, numeric, email or tel",
          })
          .optional(),
        autocomplete: z
          .enum(["username", "email", "tel", "off"], {
            error: "must be username, email, tel or off",
          })
          .default("username"),
      })
      .optional(),
    /** What a name becomes as `login_hint`. */
    loginHint: hintTemplate.optional(),
    /**
     * With which errors the provider says, when its app is asked, that it knows nobody by that name
     * (CIBA §13).
     */
    unknownPersonErrors: z.array(personError).max(10).default(["unknown_user_id"]),
    /** What the first screen says where the person need not say who they are. */
    introduction: z
      .strictObject({ title: optionalBankText(300), paragraphs: bankParagraphs() })
      .optional(),
    /** BCP 47 tag of the words in this entry. */
    lang: languageTag.optional(),
    app: z
      .strictObject({
        delivery: z.enum(["poll", "ping"], { error: "must be poll or ping" }).default("poll"),
        /** What the app shows; `{number}` is the number that stands on our screen, too. */
        bindingMessage: text
          .max(60, "is too long")
          .refine((value) => value.includes("{number}"), "must contain {number}")
          .default("{number}"),
        /** On which device, as the bank calls it. */
        device: optionalBankText(60),
        requestedExpiry: z.int().min(30).max(900).optional(),
      })
      .prefault({}),
    page: z
      .strictObject({ opens: z.enum(["frame", "window"], { error: "must be frame or window" }) })
      .optional(),
    accounts,
  })
  .superRefine(
    (
      {
        flows: given,
        person,
        loginHint,
        introduction,
        page,
        profile,
        authentication: { method },
        idTokenAlgorithm,
        signRequests,
      },
      context,
    ) => {
      const problem = (at: string, message: string) =>
        context.addIssue({ code: "custom", path: [at], message });
      if (given.includes("ciba") && !person)
        problem("person", "is missing: without it the app of nobody can be asked");
      if (!person && !introduction)
        problem(
          "introduction",
          "is missing: without it and without person there is no first screen",
        );
      if (loginHint !== undefined && !person)
        problem("loginHint", "needs person: without it there is no name");
      if (given.includes("authorization_code") && !page) problem("page", "is missing");
      // A window of its own is the last resort (WCAG 3.2.5; seed: "no new window or tab").
      if (given[0] === "authorization_code" && given.length > 1 && page?.opens === "window")
        problem("flows", "must begin with ciba where the page opens in a window");
      if (profile === "fapi-2" && method !== "private_key_jwt")
        problem("authentication", "must be private_key_jwt with fapi-2");
      if (profile === "fapi-2" && idTokenAlgorithm === "RS256")
        problem("idTokenAlgorithm", "must not be RS256 with fapi-2");
      if (signRequests && method !== "private_key_jwt")
        problem("signRequests", "needs private_key_jwt");
    },
  );
export type OpenidSettings = z.output<typeof openidSettings>;
