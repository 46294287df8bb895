import { IntlMessageFormat } from 'intl-messageformat'
import enGB from './en-GB.json' with { type: 'json' }

/** The name of one text in the catalogues. */
export type MessageKey = keyof typeof enGB

/** What stands in a message's placeholders. A bank's own words go in as text, never as markup. */
export type MessageValues = Readonly<Record<string, string | number>>

/** A text chosen, but not yet put into a language. */
export interface Message {
  key: MessageKey
  values?: MessageValues | undefined
}

const catalogues: Readonly<Record<string, Readonly<Record<MessageKey, string>>>> = { 'en-GB': enGB }
export const defaultLocale = 'en-GB'

/** A person's language, and every text of ours in it. */
export interface Reader {
  /** BCP 47 tag, for `lang`. */
  locale: string
  dir: 'ltr' | 'rtl'
  t(key: MessageKey, values?: MessageValues): string
}

const readers = new Map<string, Reader>()

/** The texts in `locale`, or in the default one where there is no such catalogue. */
export function readerFor(locale: string): Reader {
  const known = Object.hasOwn(catalogues, locale) ? locale : defaultLocale
  const cached = readers.get(known)
  if (cached) return cached
  const catalogue = catalogues[known] ?? enGB
  const formats = new Map<MessageKey, IntlMessageFormat>()
  const reader: Reader = {
    locale: known,
    dir: 'ltr',
    t(key, values) {
      let format = formats.get(key)
      if (!format) {
        // Tags are text: a message never makes an element, so a bank's words cannot either.
        format = new IntlMessageFormat(catalogue[key], known, undefined, { ignoreTag: true })
        formats.set(key, format)
      }
      return String(format.format({ ...values }))
    },
  }
  readers.set(known, reader)
  return reader
}

/**
 * The best catalogue for an `Accept-Language` header (RFC 9110 §12.5.4): an exact tag first, then the same language in another region.
 */
export function negotiateLocale(acceptLanguage: string | null): string {
  const wanted = (acceptLanguage ?? '')
    .slice(0, 200)
    .split(',')
    .map((range) => {
      const [tag = '', ...parameters] = range.trim().split(';')
      const quality = parameters.map((parameter) => /^\s*q=([01](?:\.\d{0,3})?)\s*$/.exec(parameter)?.[1]).find(Boolean)
      return { tag: tag.trim().toLowerCase(), quality: quality === undefined ? 1 : Number(quality) }
    })
    .filter(({ tag, quality }) => tag !== '' && quality > 0)
    .sort((a, b) => b.quality - a.quality)
  const locales = Object.keys(catalogues)
  for (const { tag } of wanted) {
    const exact = locales.find((locale) => locale.toLowerCase() === tag)
    const related = locales.find((locale) => locale.toLowerCase().split('-')[0] === tag.split('-')[0])
    if (exact ?? related) return exact ?? related ?? defaultLocale
  }
  return defaultLocale
}
