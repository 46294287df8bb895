import { catalogues, defaultLocale, type Locale } from "./catalogues.ts";

/** Longer than any browser's header; what comes after is not read. */
const maxCharacters = 400;

const locales = Object.keys(catalogues) as Locale[];

/**
 * The language for an `Accept-Language` header (RFC 9110 §12.5.4), by lookup (RFC 4647 §3.4): the
 * ranges in the order of their quality; for each the exact tag, then the tag cut short, then the
 * same language in another region. So `fr-CA` is Canadian French, `fr` and `fr-BE` are French of
 * France, `en-AU` is British English. What is refused with `q=0` is not taken for another range.
 */
export function negotiateLocale(acceptLanguage: string | null): Locale {
  const ranges = rangesOf(acceptLanguage ?? "");
  const refused = ranges.filter(({ quality }) => quality === 0).map(({ tag }) => tag);
  const offered = locales.filter((locale) => !refused.includes(locale.toLowerCase()));
  const wanted = ranges.filter(({ quality }) => quality > 0).sort((a, b) => b.quality - a.quality);
  for (const { tag } of wanted) {
    const found = tag === "*" ? offered[0] : lookUp(tag, offered);
    if (found) return found;
  }
  return defaultLocale;
}

function lookUp(tag: string, offered: readonly Locale[]): Locale | undefined {
  const subtags = tag.split("-");
  for (let length = subtags.length; length > 1; length -= 1) {
    const exact = offered.find(
      (locale) => locale.toLowerCase() === subtags.slice(0, length).join("-"),
    );
    if (exact) return exact;
  }
  return offered.find((locale) => locale.split("-")[0] === subtags[0]);
}

function rangesOf(header: string): { tag: string; quality: number }[] {
  const ranges = header.slice(0, maxCharacters).split(",");
  // The range that was cut off could lose its quality with its end.
  if (header.length > maxCharacters) ranges.pop();
  return ranges.map((range) => {
    const [tag = "", ...parameters] = range.split(";");
    const quality = parameters
      .map((parameter) => /^\s*q=([01](?:\.\d{0,3})?)\s*$/i.exec(parameter)?.[1])
      .find((found) => found !== undefined);
    return { tag: tag.trim().toLowerCase(), quality: Number(quality ?? 1) };
  });
}
