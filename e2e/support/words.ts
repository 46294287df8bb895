import { type MessageKey, type MessageValues, translatorFor } from "../../lib/i18n/translator.ts";

/** The sandbox bank's name, as every screen shows it. */
export const bank = "Northwind Bank";

/**
 * A text as the screens show it in a language. Tests name texts by their key, so that better
 * wording breaks none of them.
 */
export const wordsIn =
  (locale: string) =>
  (key: MessageKey, values: MessageValues = {}): string =>
    translatorFor(locale).t(key, { bank, ...values });

/** A text in British English, which the tests' browser asks for. */
export const words = wordsIn("en-GB");

export type { MessageKey, MessageValues };
