import { otherLanguage } from "../../../lib/i18n/languages.ts";
import type { Translator } from "../../../lib/i18n/translator.ts";
import { BankText } from "../../../lib/ui/bank-text.tsx";
import type { BankView } from "../../../lib/journey/screen.ts";

/**
 * Where the bank helps people. In a window of its own, which the link says (WCAG 3.2.5): what was
 * typed here stays.
 */
export function BankHelp({
  bank,
  help = [],
  translator,
}: Pick<BankView, "bank" | "help"> & { translator: Translator }) {
  const { t } = translator;
  if (help.length === 0) return null;
  return (
    <section className="help" aria-labelledby="reauth-help">
      <h2 id="reauth-help">{t("help.heading", { bank })}</h2>
      <ul>
        {help.map(({ label, url, lang }) => (
          <li key={url}>
            {url.startsWith("tel:") ? (
              <a href={url}>
                <BankText text={label} lang={otherLanguage(lang ?? null, translator.locale)} />
              </a>
            ) : (
              <a href={url} target="_blank" rel="noopener noreferrer">
                <BankText text={label} lang={otherLanguage(lang ?? null, translator.locale)} />{" "}
                {t("help.new-window")}
              </a>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
