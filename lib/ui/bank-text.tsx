/**
 * A bank's own words. They may be in another language than the page (WCAG 3.1.2) and run in another
 * direction; `lang` is left out where nobody knows it.
 */
export function BankText({ text, lang }: { text: string; lang: string | undefined }) {
  return (
    <span lang={lang} dir="auto">
      {text}
    </span>
  );
}
