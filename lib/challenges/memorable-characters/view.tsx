import { BankText } from "../../ui/bank-text.tsx";
import { Field } from "../../ui/field.tsx";
import { errorAt, type ViewProps } from "../challenge.ts";

interface View {
  characters: readonly { position: number; field: string }[];
  length?: number | undefined;
  called?: string | undefined;
  capitals?: "matter" | "ignored" | undefined;
}

/**
 * One group, each field with its place in the word for a label; the focus never jumps by itself.
 * Whoever would rather type once than move three times has one field for all of them (accessibility
 * rule 10); the bank's other ways are named first.
 */
export function MemorableCharactersView(props: ViewProps<View>) {
  const { view, translator, bank, bankLang, otherWay } = props;
  const { t } = translator;
  return (
    <>
      {otherWay && <p>{t("memorable-characters.other-way", { way: t("page.other-way") })}</p>}
      <p>{t("memorable-characters.text", { bank })}</p>
      {view.called !== undefined && (
        <p>
          {t("memorable-characters.called", { bank })}{" "}
          <BankText text={view.called} lang={bankLang} />
        </p>
      )}
      <fieldset className="characters">
        <legend>{t("memorable-characters.legend")}</legend>
        {view.capitals && (
          <p className="hint">
            {t(
              view.capitals === "matter"
                ? "memorable-characters.capitals-matter"
                : "memorable-characters.capitals-ignored",
            )}
          </p>
        )}
        {view.characters.map(({ position, field }) => (
          <Field
            key={field}
            name={field}
            label={
              view.length === undefined
                ? t("memorable-characters.character", { position })
                : t("memorable-characters.character-of", { position, length: view.length })
            }
            autoComplete="off"
            error={errorAt(field, props)}
          />
        ))}
      </fieldset>
      {view.characters.length > 1 && <Together {...props} />}
    </>
  );
}

function Together(props: ViewProps<View>) {
  const { view, translator } = props;
  const { t } = translator;
  const ordinals = view.characters.map(({ position }) =>
    t("memorable-characters.ordinal", { position }),
  );
  const error = errorAt("together", props);
  return (
    <details open={error !== undefined}>
      <summary>{t("memorable-characters.in-one-field")}</summary>
      <Field
        name="together"
        label={t("memorable-characters.together", { count: view.characters.length })}
        hint={t("memorable-characters.together-hint", {
          order: new Intl.ListFormat(translator.locale).format(ordinals),
        })}
        autoComplete="off"
        error={error}
      />
    </details>
  );
}
