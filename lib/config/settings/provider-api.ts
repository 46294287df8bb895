import { z } from "zod";
import { address, text, whole } from "../setting-values.ts";
import type { Setting } from "./setting.ts";

/** Settings of how outcomes are told to the Provider API. */
export const providerApiSettings = {
  PROVIDER_API_URL: {
    schema: address.transform((value) => value.replace(/\/+$/, "")),
    meaning:
      "Base, including `/v1`: `https://eu-banking.fabric.sage.com/provider/v1`; a slash at " +
      "the end is dropped.",
    example: "https://eu-banking.fabric.sage.com/provider/v1",
    whenWrong:
      "Refused: not an https URL. A wrong path answers 404, which is final: `rejected`, and " +
      "the person reads “We could not tell Sage”. A wrong host: `unreachable`, or " +
      "`certificate`.",
  },
  PROVIDER_API_KEY: {
    schema: text,
    meaning: "Sent as `x-api-key`.",
    secret: true,
    whenWrong: "`credentials` (Sage answers 401 or 403).",
  },
  PROVIDER_API_AUDIENCE: {
    schema: text,
    meaning: "The audience asked for with the access token.",
    whenWrong: "`token-refused`, or `credentials` if Sage ID gives a token all the same.",
  },
  SAGE_ID_CLIENT_ID: {
    schema: text,
    meaning: "The name of the client, for the client-credentials token.",
    secret: true,
    whenWrong: "`token-refused`.",
  },
  SAGE_ID_CLIENT_SECRET: {
    schema: text,
    meaning: "The secret of that client.",
    secret: true,
    whenWrong: "`token-refused`.",
  },
  SAGE_ID_TOKEN_URL: {
    schema: address.optional(),
    meaning: "Where the client-credentials token comes from.",
    unset: "issuer + `oauth/token`",
    whenWrong:
      "Refused: not an https URL. Nothing there: `token-refused` (4xx), `token-network`, " +
      "`token-timeout`.",
  },
  PROVIDER_API_REQUESTS_PER_SECOND: {
    schema: whole(1, 1000).default(10),
    meaning:
      "The most that Sage allows in any one second, over all replicas; 92 % of it is used; 1 " +
      "to 1000.",
    whenWrong:
      "Refused: out of range. More than Sage allows: `throttled` (429), tried again later.",
  },
  PROVIDER_API_BANK_ACCOUNTS: {
    schema: z
      .enum(["omit", "empty", "confirmed", "all"], {
        error: "must be omit, empty, confirmed or all",
      })
      .default("omit"),
    meaning:
      "Sage's pages disagree about `bankAccounts` in the body: `omit` leaves it out, `empty` " +
      "sends `[]`, `confirmed` sends the account that Sage asked about, `all` every account " +
      "that the bank confirmed in this sign-in and whose `externalId` is known, also those that " +
      "are not connected to Sage. An account has `bankAccountExternalId` and, where the bank " +
      "tells them, `accountName`, `bankIdentifier`, `branchIdentifier` and `accountIdentifier`.",
    whenWrong: "Refused: any other word. The wrong choice: most likely `rejected` with a 4xx.",
  },
  PROVIDER_API_FAILURE_STATUS: {
    schema: text.regex(/^[A-Za-z0-9_-]{1,40}$/, "is not a status word").optional(),
    meaning:
      "The `status` to send when a person fails, cancels or runs out of time; letters, " +
      "digits, `_`, `-`, at most 40. Sage publishes none.",
    unset: "nothing is sent",
    whenWrong:
      "Refused: not such a word. One Sage does not know: `rejected`, `outcome " +
      "undeliverable`; people see no difference.",
  },
} satisfies Record<string, Setting>;
