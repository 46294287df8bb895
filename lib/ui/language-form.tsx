import { languages } from '../messages/languages.ts'
import type { Reader } from '../messages/reader.ts'

/**
 * The choice of language: last on every screen, native, a button to press and nothing that happens by itself (WCAG 3.2.2). A form of its own that gets: the address of a screen is repeat-safe, and nothing typed
 * into the other forms may ever stand in an address.
 */
export function LanguageForm({ address, reader }: { address: string; reader: Reader }) {
  const { t, locale } = reader
  // A language that nobody is offered is on the screen only in the gallery, which must not claim another one.
  const listed = languages.some((language) => language.locale === locale) ? languages : [...languages, { locale, name: locale }]
  return (
    <form method="get" action={address} noValidate className="language">
      <label htmlFor="reauth-lang">{t('language.label')}</label>
      <select id="reauth-lang" name="lang" autoComplete="language" defaultValue={locale}>
        {listed.map(({ locale: value, name }) => (
          <option key={value} value={value} lang={value}>
            {name}
          </option>
        ))}
      </select>
      <button type="submit" className="secondary">
        {t('language.change')}
      </button>
    </form>
  )
}
