import { BankText } from "../../ui/bank-text.tsx";
import { Field } from "../../ui/field.tsx";
import { errorAt, type ViewProps } from "../challenge.ts";

export function SecurityQuestionsView(
  props: ViewProps<{ questions: readonly { field: string; text: string }[] }>,
) {
  const { view, translator, bank, bankLang } = props;
  return (
    <>
      <p>{translator.t("security-questions.introduction", { bank })}</p>
      {view.questions.map(({ field, text }) => (
        // The answer is a secret of the person's: no autofill, and not shown again.
        <Field
          key={field}
          name={field}
          label={<BankText text={text} lang={bankLang} />}
          autoComplete="off"
          error={errorAt(field, props)}
        />
      ))}
    </>
  );
}
