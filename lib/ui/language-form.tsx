import { languages } from "../i18n/languages.ts";
import type { Translator } from "../i18n/translator.ts";

export interface LanguageFormProps {
  /** Where the screen is; it is shown in another language there. */
  url: string;
  /** The id of the form on the screen whose entries are to be kept. */
  keeping?: string | undefined;
  /** What else of its address the screen needs. */
  carried?: Readonly<Record<string, string>> | undefined;
  translator: Translator;
}

/**
 * The choice of language: last on every screen, native, a button to press and nothing that happens
 * by itself (WCAG 3.2.2). A form of its own that gets, since the address of a screen is
 * repeat-safe. Where there are entries to keep it belongs to their form and posts them: nothing
 * typed may ever stand in an address.
 */
export function LanguageForm({ url, keeping, carried = {}, translator }: LanguageFormProps) {
  if (keeping === undefined) {
    return (
      <form method="get" action={url} noValidate className="language">
        {Object.entries(carried).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <Choice translator={translator} />
      </form>
    );
  }
  return (
    <div className="language">
      <Choice form={keeping} translator={translator} />
    </div>
  );
}

function Choice({ form, translator }: { form?: string; translator: Translator }) {
  const { t, locale } = translator;
  // A language that nobody is offered is on the screen only in the gallery, which must not claim
  // another one.
  const listed = languages.some((language) => language.locale === locale)
    ? languages
    : [...languages, { locale, name: locale }];
  return (
    <>
      <label htmlFor="reauth-lang">{t("language.label")}</label>
      <select
        id="reauth-lang"
        name="lang"
        form={form}
        autoComplete="language"
        defaultValue={locale}
      >
        {listed.map(({ locale: value, name }) => (
          <option key={value} value={value} lang={value}>
            {name}
          </option>
        ))}
      </select>
      <button
        type="submit"
        form={form}
        {...(form === undefined ? {} : { name: "action", value: "language" })}
        className="secondary"
      >
        {t("language.change")}
      </button>
    </>
  );
}
