import { catalogues } from "../../../lib/i18n/catalogues.ts";
import { type Translator, translatorFor } from "../../../lib/i18n/translator.ts";
import { testLocales, testTranslatorFor } from "../../../lib/i18n/test-locales.ts";

/** Every language the gallery speaks: those people are offered, and those for testing a layout. */
export const galleryLocales: readonly string[] = [...Object.keys(catalogues), ...testLocales];

/** The texts in a language of the gallery's, or in the default one. */
export const galleryTranslator = (locale: string): Translator =>
  testTranslatorFor(locale) ?? translatorFor(locale);
