import type { EndingContent } from "../../../lib/authorisations/session.ts";
import type { Translator } from "../../../lib/i18n/translator.ts";
import { BankText } from "../../../lib/ui/bank-text.tsx";

/** The accounts of the connection that stay without access, and what can be done about it. */
export function UncoveredAccounts({
  uncovered,
  more,
  bank,
  succeeded,
  translator: { t },
}: EndingContent & { bank: string; succeeded: boolean; translator: Translator }) {
  const count = uncovered.length + more;
  return (
    <>
      <p>{t("finished.uncovered", { bank, count })}</p>
      <ul>
        {uncovered.map((account, index) => (
          <li key={index}>
            {"name" in account ? (
              <BankText text={account.name} lang={undefined} />
            ) : (
              t("finished.uncovered-ending", { ending: account.ending })
            )}
          </li>
        ))}
        {more > 0 && <li>{t("finished.uncovered-more", { more })}</li>}
      </ul>
      {succeeded && <p>{t("finished.uncovered-next", { count })}</p>}
    </>
  );
}
