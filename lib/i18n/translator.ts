import { IntlMessageFormat } from "intl-messageformat";
import { catalogues, defaultLocale, isLocale, type MessageKey } from "./catalogues.ts";

export type { MessageKey } from "./catalogues.ts";

/** What stands in a message's placeholders. A bank's own words go in as text, never as markup. */
export type MessageValues = Readonly<Record<string, string | number>>;

/** A text chosen, but not yet put into a language. */
export interface Message {
  key: MessageKey;
  values?: MessageValues | undefined;
}

/** A person's language, and every text of ours in it. */
export interface Translator {
  /** BCP 47 tag, for `lang`. */
  locale: string;
  dir: "ltr" | "rtl";
  t: (key: MessageKey, values?: MessageValues) => string;
}

const translators = new Map<string, Translator>();

/** The texts in `locale`, or in the default one where we do not offer that. */
export function translatorFor(locale: string): Translator {
  const known = isLocale(locale) ? locale : defaultLocale;
  const cached = translators.get(known);
  if (cached) return cached;
  const catalogue = catalogues[known];
  const t = textIn((key) => {
    // A kind's `answer` may raise an issue with words of zod's own, which no type forbids.
    if (!Object.hasOwn(catalogue, key)) throw new TypeError(`no text of ours is called “${key}”`);
    return messageFormat(catalogue[key], known);
  });
  const translator: Translator = { locale: known, dir: "ltr", t };
  translators.set(known, translator);
  return translator;
}

/**
 * A message ready to be filled in. Tags are text: a message never makes an element, so a bank's
 * words cannot either.
 */
export const messageFormat = (
  message: ConstructorParameters<typeof IntlMessageFormat>[0],
  locale: string,
) => new IntlMessageFormat(message, locale, undefined, { ignoreTag: true });

/**
 * The texts of one language; each message is parsed when it is first needed, so that no language
 * slows the first answer down.
 */
export function textIn(formatOf: (key: MessageKey) => IntlMessageFormat): Translator["t"] {
  const formats = new Map<MessageKey, IntlMessageFormat>();
  return (key, values) => {
    const format = formats.get(key) ?? formatOf(key);
    formats.set(key, format);
    return String(format.format({ ...values }));
  };
}
