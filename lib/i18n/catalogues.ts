import deDE from "./de-DE.json" with { type: "json" };
import enGB from "./en-GB.json" with { type: "json" };
import enUS from "./en-US.json" with { type: "json" };
import esES from "./es-ES.json" with { type: "json" };
import frCA from "./fr-CA.json" with { type: "json" };
import frFR from "./fr-FR.json" with { type: "json" };
import ptPT from "./pt-PT.json" with { type: "json" };

/**
 * The name of one text in the catalogues. British English has them all; the other languages must
 * have the same.
 */
export type MessageKey = keyof typeof enGB;
export type Catalogue = Readonly<Record<MessageKey, string>>;

/**
 * The texts of every language we offer. A key that a language lacks is a type error here, and a
 * failed test. The order decides for somebody who asks for a language in a region we do not have:
 * the first one in that language.
 */
export const catalogues = {
  "en-GB": enGB,
  "en-US": enUS,
  "fr-FR": frFR,
  "fr-CA": frCA,
  "es-ES": esES,
  "de-DE": deDE,
  "pt-PT": ptPT,
} as const satisfies Readonly<Record<string, Catalogue>>;

/** A language we offer, as a BCP 47 tag. */
export type Locale = keyof typeof catalogues;
export const defaultLocale = "en-GB" satisfies Locale;

/** Whether this is a language we offer. Spelled exactly so: own links and forms do. */
export const isLocale = (tag: string): tag is Locale => Object.hasOwn(catalogues, tag);
