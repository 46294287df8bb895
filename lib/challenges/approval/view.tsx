import { BankNote } from "../../ui/bank-note.tsx";
import { BankText } from "../../ui/bank-text.tsx";
import type { ViewProps } from "../challenge.ts";

interface View {
  device: string | undefined;
  matchNumber: string | undefined;
  note: string | undefined;
  status: "waiting" | "over";
}

/** What to do and on which device, and the number as text (accessibility rule 8). */
export function ApprovalView({
  view: { device, matchNumber, note, status },
  translator,
  bank,
  bankLang,
}: ViewProps<View>) {
  const { t } = translator;
  if (status === "over") return <p>{t("approval.over", { bank })}</p>;
  return (
    <>
      <p>{t("approval.text", { bank })}</p>
      {device !== undefined && (
        <p>
          {t("approval.device")} <BankText text={device} lang={bankLang} />
        </p>
      )}
      {matchNumber !== undefined && (
        <>
          <p>{t("approval.match", { bank })}</p>
          <p className="match-number">{matchNumber}</p>
        </>
      )}
      <BankNote text={note} lang={bankLang} />
      <p>{t("approval.then")}</p>
    </>
  );
}
