import { BankText } from "../../ui/bank-text.tsx";
import { Choices } from "../../ui/choices.tsx";
import { Picture } from "../../ui/picture.tsx";
import { errorAt, type ViewProps } from "../challenge.ts";
import type { PictureView } from "../picture.ts";

/**
 * The words for a picture are its visible label: whoever cannot see it, or speaks to the computer,
 * chooses by the same words (WCAG 1.1.1, 2.5.3).
 */
export function PictureChoiceView(
  props: ViewProps<{ pictures: readonly { id: string; picture: PictureView }[] }>,
) {
  const { view, translator, bank, bankLang } = props;
  const { t } = translator;
  return (
    <>
      <p>{t("picture-choice.text", { bank })}</p>
      <Choices
        name="choice"
        legend={t("picture-choice.choices")}
        error={errorAt("choice", props)}
        choices={view.pictures.map(({ id, picture }) => ({
          value: id,
          label: (
            <>
              <Picture picture={picture} lang={bankLang} decorative />
              <BankText text={picture.alt} lang={bankLang} />
            </>
          ),
        }))}
      />
    </>
  );
}
