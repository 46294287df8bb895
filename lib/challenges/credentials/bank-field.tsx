import { BankText } from "../../ui/bank-text.tsx";
import { Field, SecretField, secretWords } from "../../ui/field.tsx";
import { errorAt, type ViewProps } from "../challenge.ts";
import { formName, isSecret, type SignInField } from "./sign-in-field.ts";

/** A field in the bank's own words. */
export function BankField<View>({ field, ...props }: ViewProps<View> & { field: SignInField }) {
  const { translator, bankLang, fields } = props;
  const name = formName(field.name);
  const shown = {
    name,
    label: <BankText text={field.label} lang={bankLang} />,
    hint: field.hint && <BankText text={field.hint} lang={bankLang} />,
    autoComplete: field.autocomplete ?? "off",
    inputMode: field.inputMode ?? (field.type === "number-like" ? "numeric" : undefined),
    error: errorAt(name, props),
  };
  if (field.type === "password")
    return <SecretField translator={translator} words={secretWords} {...shown} />;
  return <Field {...shown} value={isSecret(field) ? undefined : fields[name]} />;
}
