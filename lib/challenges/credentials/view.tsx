import { Field, passwordWords, SecretField } from "../../ui/field.tsx";
import { errorAt, type ViewProps } from "../challenge.ts";
import { BankField } from "./bank-field.tsx";
import type { SignInField } from "./sign-in-field.ts";

type Props = ViewProps<{ fields: readonly SignInField[] | undefined }>;

/** All fields on one page, so that a password manager fills them at once (accessibility rule 7). */
export function CredentialsView(props: Props) {
  const { view, translator, bank } = props;
  return (
    <>
      <p>{translator.t("credentials.whose-page", { bank })}</p>
      {view.fields ? (
        view.fields.map((field) => <BankField key={field.name} field={field} {...props} />)
      ) : (
        <UsualFields {...props} />
      )}
    </>
  );
}

function UsualFields(props: Props) {
  const { translator, fields } = props;
  const { t } = translator;
  return (
    <>
      <Field
        name="username"
        label={t("credentials.username")}
        autoComplete="username"
        value={fields.username}
        error={errorAt("username", props)}
      />
      <SecretField
        translator={translator}
        words={passwordWords}
        name="password"
        label={t("credentials.password")}
        autoComplete="current-password"
        error={errorAt("password", props)}
      />
    </>
  );
}
