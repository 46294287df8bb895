import { isLocale, type Locale } from "./catalogues.ts";

// Each by its own name, for somebody who cannot read the page they are on.
const names: Readonly<Record<Locale, string>> = {
  "de-DE": "Deutsch",
  "en-GB": "English (UK)",
  "en-US": "English (US)",
  "es-ES": "Español",
  "fr-CA": "Français (Canada)",
  "fr-FR": "Français (France)",
  "pt-PT": "Português",
};

/**
 * The languages we offer, in the order of their names: the same on every screen, whatever its
 * language.
 */
export const languages = (Object.entries(names) as [Locale, string][]).map(([locale, name]) => ({
  locale,
  name,
}));

/**
 * The tag of a text's language where it needs one in a document of `locale` (WCAG 3.1.2): not where
 * it is unknown or the same, nor where it is the same and names no region.
 */
export const otherLanguage = (
  tag: string | null | undefined,
  locale: string,
): string | undefined =>
  tag && tag.toLowerCase() !== locale.toLowerCase() && tag.toLowerCase() !== locale.split("-")[0]
    ? tag
    : undefined;

/**
 * The language chosen in an address, or undefined: none, one that we do not offer, or more than
 * one.
 * @param query the query as it came.
 */
export function chosenLocale(query: string): Locale | undefined {
  const [chosen = "", ...more] = new URLSearchParams(query).getAll("lang");
  return more.length === 0 && isLocale(chosen) ? chosen : undefined;
}
