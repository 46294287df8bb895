import { BankText } from "../../ui/bank-text.tsx";
import { Choices } from "../../ui/choices.tsx";
import { errorAt, type ViewProps } from "../challenge.ts";

interface View {
  methods: readonly { id: string; label: string; hint?: string | undefined }[];
}

export function MethodChoiceView(props: ViewProps<View>) {
  const { view, translator, bank, bankLang, problems, fields } = props;
  const { t } = translator;
  return (
    <>
      <p>{t("method-choice.text", { bank })}</p>
      <Choices
        name="method"
        legend={t("method-choice.legend", { bank })}
        error={errorAt("method", props)}
        // Nothing is chosen beforehand, nor what was chosen before it did not work.
        chosen={problems.length === 0 ? fields.method : undefined}
        choices={view.methods.map(({ id, label, hint }) => ({
          value: id,
          label: <BankText text={label} lang={bankLang} />,
          hint: hint && <BankText text={hint} lang={bankLang} />,
        }))}
      />
    </>
  );
}
