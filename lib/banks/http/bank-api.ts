import { z } from "zod";
import { answerSchema, challengeSchema } from "../../challenges/index.ts";
import { withoutNulls } from "../../http/foreign-json.ts";
import { languageTag } from "../../i18n/language-tag.ts";
import { parseJson } from "../../http/parse-json.ts";
import { pollSchema, bankResultSchema, undoSchema } from "../bank-adapter.ts";

/** Of the API: the first number changes when a bank that was right before would be wrong. */
export const bankApiVersion = "1.0.0";

const about = {
  bankId: z
    .string()
    .nullable()
    .describe("The bank, as Sage names it; null where the notification named none."),
  externalId: z
    .string()
    .describe(
      "The account that Sage asks about. Never copy it into your accounts: list what the " +
        "person really has.",
    ),
  locale: z.string().describe("The language of the person, BCP 47, for your own words."),
  returnAddress: z
    .string()
    .describe(
      "Where a page of your own (`redirect`) sends the browser back to; you may add " +
        "parameters to its query. Use that of the newest request: after the next answer an " +
        "earlier one leads nowhere.",
    ),
};
const state = z
  .json()
  .describe(
    "What you handed back with the challenge; never null. An answer to a challenge that " +
      "came without a `state` comes to `/start`.",
  );

/** Bodies by operation. */
export const requests = {
  start: z.strictObject({ ...about, answer: answerSchema }),
  answer: z.strictObject({ ...about, state, answer: answerSchema }),
  poll: z.strictObject({ ...about, state }),
  cancel: z.strictObject({ ...about, state }),
  undo: z.strictObject({ bankId: about.bankId, externalId: about.externalId, undo: undoSchema }),
};

/** What a bank may tell of itself ahead. */
export const descriptionSchema = z.strictObject({
  version: z.string().describe("Of this API, as you serve it: `1.0.0`."),
  firstChallenge: challengeSchema,
  lang: languageTag.optional().describe("BCP 47 tag of your own words in the first challenge."),
});

/** RFC 9457; only `status` is looked at, and nothing of it is ever shown or logged. */
export const problemSchema = z.looseObject({
  type: z.string().optional(),
  title: z.string().optional(),
  status: z.int().optional(),
  detail: z.string().optional(),
});

export const answers = {
  start: bankResultSchema,
  answer: bankResultSchema,
  poll: pollSchema,
  description: descriptionSchema,
};

/**
 * What a bank's answer says, null members being absent; but inside what is the bank's own.
 * Undefined for what is no JSON.
 */
export const answerIn = (text: string): unknown =>
  withoutNulls(parseJson(text), ["state", "grant", "undo"]);
export type Operation = keyof typeof requests;
