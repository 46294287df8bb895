import { BankNote } from "../../ui/bank-note.tsx";
import { Field } from "../../ui/field.tsx";
import { Spelled } from "../../ui/spelled.tsx";
import { errorAt, type ViewProps } from "../challenge.ts";
import { BankField } from "../credentials/bank-field.tsx";
import { identifierField, isOfDigits, maxCode, type OneTimeCodePrompt } from "./prompt.ts";
import { formatTextsOf, hintOf } from "./texts.ts";

// In the bank's groups, or of four: a long number is lost on the way to the reader otherwise.
const grouped = (number: string) =>
  number.includes(" ") ? number : number.replace(/(.{4})(?=.)/g, "$1 ");

/**
 * One field for the whole code: boxes for single digits break paste, autofill and screen readers
 * (accessibility rule 6).
 */
export function OneTimeCodeView(props: ViewProps<OneTimeCodePrompt>) {
  const { view, translator, bank, bankLang } = props;
  const { t } = translator;
  const hint = t(hintOf(view), {
    bank,
    ...("destination" in view
      ? { destination: view.destination ?? "" }
      : "method" in view
        ? { method: view.method ?? "" }
        : {}),
  });
  const identifier = identifierField(view);
  return (
    <>
      {view.channel === "card-reader" && (
        <>
          <p>{t("one-time-code.card-reader", { bank })}</p>
          <p className="readable">
            <Spelled text={grouped(view.number)} />
          </p>
        </>
      )}
      <BankNote text={view.note} lang={bankLang} />
      <Field
        name="code"
        label={t(formatTextsOf(view).label, { length: maxCode(view) })}
        hint={
          view.validMinutes === undefined
            ? hint
            : `${hint} ${t("one-time-code.valid-for", { minutes: view.validMinutes })}`
        }
        autoComplete="one-time-code"
        inputMode={isOfDigits(view) ? "numeric" : "text"}
        className="code"
        error={errorAt("code", props)}
      />
      {identifier && <BankField field={identifier} {...props} />}
    </>
  );
}
