import { address, headerName, headerValues, text, url } from "../setting-values.ts";
import type { Setting } from "./setting.ts";

/** Settings of notifications from Banking Service. */
export const notificationSettings = {
  NOTIFICATION_HEADER_NAME: {
    schema: headerName,
    meaning: "The header you registered at Sage: `x-bank-notification-key`.",
    example: "x-bank-notification-key",
    whenWrong:
      "Refused: not a header name, or one with a meaning of its own such as `authorization`. " +
      "Not the registered one: 401, `header-missing`.",
  },
  NOTIFICATION_HEADER_VALUES: {
    schema: headerValues,
    meaning:
      "The value of that header; two, comma-separated, while you rotate. Each 32 to 1000 " +
      "printable ASCII " +
      "characters, no space, no comma.",
    secret: true,
    whenWrong: "Refused: shorter, or more than two. Not the registered one: 401, `header-wrong`.",
  },
  SAGE_ID_ISSUER: {
    // Compared as a string with the token's `iss`, so it is kept exactly as written.
    schema: text.refine((value) => url.safeParse(value).success, "is not an absolute https URL"),
    meaning:
      "Issuer of the token, exactly as in its `iss`: `https://id.sage.com/`, sandbox " +
      "`https://id-shadow.sage.com/`.",
    example: "https://id.sage.com/",
    whenWrong:
      "Refused: not an https URL. Another one: 401, `token-issuer`; a missing slash at the " +
      "end counts.",
  },
  SAGE_ID_AUDIENCE: {
    schema: text,
    meaning: "Audience the token must carry; Sage does not publish it.",
    whenWrong:
      "401, `token-audience`. The line before it, `notification token refused`, shows the " +
      "`audience` that came: if you know the token to be Sage's, that is the value.",
  },
  SAGE_ID_AUTHORIZED_PARTY: {
    schema: text.optional(),
    meaning: "If set, the token's `azp` must equal it.",
    unset: "not checked",
    whenWrong: "401, `token-authorised-party`; that line shows what came.",
  },
  SAGE_ID_JWKS_URL: {
    schema: address.optional(),
    meaning: "Where the signing keys are.",
    unset: "issuer + `.well-known/jwks.json`",
    whenWrong:
      "Refused: not an https URL. Nothing there: 503, `keys-unavailable` ([why not " +
      "401](decisions/009-keys-unavailable-answers-503.md)). Somebody else's keys: 401, " +
      "`token-key-unknown`.",
  },
} satisfies Record<string, Setting>;
