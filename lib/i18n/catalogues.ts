import approval from "../challenges/approval/texts.json" with { type: "json" };
import credentials from "../challenges/credentials/texts.json" with { type: "json" };
import memorableCharacters from "../challenges/memorable-characters/texts.json" with { type: "json" };
import message from "../challenges/message/texts.json" with { type: "json" };
import methodChoice from "../challenges/method-choice/texts.json" with { type: "json" };
import oneTimeCode from "../challenges/one-time-code/texts.json" with { type: "json" };
import pictureChoice from "../challenges/picture-choice/texts.json" with { type: "json" };
import pictureCode from "../challenges/picture-code/texts.json" with { type: "json" };
import redirect from "../challenges/redirect/texts.json" with { type: "json" };
import securityQuestions from "../challenges/security-questions/texts.json" with { type: "json" };
import deDE from "./de-DE.json" with { type: "json" };
import enGB from "./en-GB.json" with { type: "json" };
import enUS from "./en-US.json" with { type: "json" };
import esES from "./es-ES.json" with { type: "json" };
import frCA from "./fr-CA.json" with { type: "json" };
import frFR from "./fr-FR.json" with { type: "json" };
import ptPT from "./pt-PT.json" with { type: "json" };

/** The texts that stand beside what they belong to: those of each kind of challenge. */
const kinds = [
  approval,
  credentials,
  memorableCharacters,
  message,
  methodChoice,
  oneTimeCode,
  pictureChoice,
  pictureCode,
  redirect,
  securityQuestions,
] as const;

// Of a union, `keyof` would give what all members have in common.
type KeyOf<Texts> = Texts extends { "en-GB": infer Own } ? keyof Own : never;
/**
 * The name of one text in the catalogues. British English has them all; the other languages must
 * have the same.
 */
export type MessageKey = keyof typeof enGB | KeyOf<(typeof kinds)[number]>;
export type Catalogue = Readonly<Record<MessageKey, string>>;

/**
 * The texts of every language we offer, but for those of the kinds. A key that a language lacks is
 * a type error here, and a failed test. The order decides for somebody who asks for a language in a
 * region we do not have: the first one in that language.
 */
const own = {
  "en-GB": enGB,
  "en-US": enUS,
  "fr-FR": frFR,
  "fr-CA": frCA,
  "es-ES": esES,
  "de-DE": deDE,
  "pt-PT": ptPT,
} as const satisfies Readonly<Record<string, Readonly<Record<keyof typeof enGB, string>>>>;

/** A language we offer, as a BCP 47 tag. */
export type Locale = keyof typeof own;
export const defaultLocale = "en-GB" satisfies Locale;

// A kind that lacks a language, or a language that lacks a key of British English, is an error
// here.
type Complete<Texts> = Texts extends { "en-GB": infer Own }
  ? Readonly<Record<Locale, Readonly<Record<keyof Own, string>>>>
  : never;
kinds satisfies readonly Complete<(typeof kinds)[number]>[];

/** The texts of every language we offer. */
export const catalogues = Object.fromEntries(
  Object.entries(own).map(([locale, texts]) => [
    locale,
    Object.assign({}, texts, ...kinds.map((kind) => kind[locale as Locale])) as Catalogue,
  ]),
) as Readonly<Record<Locale, Catalogue>>;

/** Whether this is a language we offer. Spelled exactly so: own links and forms do. */
export const isLocale = (tag: string): tag is Locale => Object.hasOwn(catalogues, tag);
