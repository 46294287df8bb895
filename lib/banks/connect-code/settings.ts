import { z } from "zod";
import { optionalBankText } from "../../challenges/form-text.ts";
import { codeIdentifier } from "../../challenges/one-time-code/prompt.ts";
import { languageTag } from "../../i18n/language-tag.ts";
import { secretFile } from "../../config/setting-values.ts";

const key = secretFile.refine(
  (value) => /^[\x21-\x7e]{32,1000}$/.test(value),
  "names a file without one key of at least 32 printable ASCII characters",
);

/** What the file of banks says of a bank with this adapter (docs/adapters/connect-code.md). */
export const connectCodeSettings = z.strictObject({
  /**
   * What the bank shows us when it wants a code. Two, so that one can be changed without a stop.
   */
  keys: z.array(key).min(1).max(2),
  /**
   * Where the code is to be found, in the bank's words: "In the app, choose More, then Connect to
   * Sage."
   */
  note: optionalBankText(500),
  /** BCP 47 tag of the note. */
  lang: languageTag.optional(),
  digits: z.int().min(8).max(12).default(8),
  /** How long a code works. People have to find it, and go back to Sage with it (WCAG 2.2.1). */
  validMinutes: z.int().min(3).max(60).default(10),
  /**
   * What is typed beside the code, if the bank wants that: its name in the bank's words
   * (“Connection id”), what it is made of and how long it is.
   */
  identifier: codeIdentifier.optional(),
});

export type ConnectCodeSettings = z.output<typeof connectCodeSettings>;
