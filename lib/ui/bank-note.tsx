/**
 * What a bank wants a person to know beside its question, apart from our own words; nothing where
 * it says nothing.
 */
export function BankNote({ text, lang }: { text: string | undefined; lang: string | undefined }) {
  if (text === undefined) return null;
  return (
    <p className="bank-message" lang={lang} dir="auto">
      {text}
    </p>
  );
}
