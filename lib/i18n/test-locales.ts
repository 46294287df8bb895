import type { IntlMessageFormat } from "intl-messageformat";
import { catalogues, defaultLocale, type MessageKey } from "./catalogues.ts";
import { messageFormat, type Translator, textIn } from "./translator.ts";

type Element = ReturnType<IntlMessageFormat["getAst"]>[number];

const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const accented = "åƀçðéƒĝĥîĵķļɱñöþǫŕšţûṽŵẋýžÅƁÇÐÉƑĜĤÎĴĶĻṀÑÖÞǪŔŠŢÛṼŴẊÝŽ";

// Every vowel twice: about 40 % longer, as translations are, and longer in each word. Accents show
// letters that a font or an encoding lacks.
const stretched = (text: string) =>
  text
    .replace(/[aeiouy]/gi, "$&$&")
    .replace(/[a-z]/gi, (letter) => accented[plain.indexOf(letter)] ?? letter);

// English letters that run from right to left: each word between a right-to-left override and its
// end, with marks around it, as Android and Chrome do for `ar-XB`.
const reversed = (text: string) => text.replace(/[\p{L}’-]+/gu, "\u200f\u202e$&\u202c\u200f");

const tests = {
  /** Accented, longer, and in brackets: what is cut off or not in a catalogue can be seen. */
  "en-XA": { dir: "ltr", change: stretched, around: ["[", "]"] },
  /** From right to left. */
  "ar-XB": { dir: "rtl", change: reversed, around: ["", ""] },
} as const;

/** Languages nobody is offered: the gallery shows them to whoever tests a layout. */
export const testLocales = Object.keys(tests);

const literal = (value: string): Element => ({ type: 0, value });

function changed(elements: readonly Element[], change: (text: string) => string): Element[] {
  return elements.map((element) => {
    if (element.type === 0) return { ...element, value: change(element.value) };
    if (!("options" in element)) return element;
    const options = Object.entries(element.options).map(
      ([name, option]): [string, typeof option] => [
        name,
        { ...option, value: changed(option.value, change) },
      ],
    );
    return { ...element, options: Object.fromEntries(options) };
  });
}

/**
 * The texts in a test locale, made from the British ones; undefined for any other. No request of a
 * person's may lead here: only the gallery calls it.
 */
export function testTranslatorFor(locale: string): Translator | undefined {
  if (!Object.hasOwn(tests, locale)) return undefined;
  const { dir, change, around } = tests[locale as keyof typeof tests];
  // Counted as in English, since the words are English.
  const formatOf = (key: MessageKey) => {
    const elements = changed(
      messageFormat(catalogues[defaultLocale][key], defaultLocale).getAst(),
      change,
    );
    return messageFormat([literal(around[0]), ...elements, literal(around[1])], defaultLocale);
  };
  return { locale, dir, t: textIn(formatOf) };
}
