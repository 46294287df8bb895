import { BankText } from '../../ui/bank-text.tsx'
import { Field, passwordWords, SecretField, secretWords } from '../../ui/field.tsx'
import { errorAt, type ViewProps } from '../challenge.ts'
import { formName, isSecret, type SignInField } from './sign-in-field.ts'

type Props = ViewProps<{ fields: readonly SignInField[] | undefined }>

/** All fields on one page, so that a password manager fills them at once (accessibility rule 7). */
export function CredentialsView(props: Props) {
  const { view, reader, bank } = props
  return (
    <>
      <p>{reader.t('credentials.whose-page', { bank })}</p>
      {view.fields ? view.fields.map((field) => <BankField key={field.name} field={field} {...props} />) : <UsualFields {...props} />}
    </>
  )
}

function UsualFields(props: Props) {
  const { reader, entries } = props
  const { t } = reader
  return (
    <>
      <Field name="username" label={t('credentials.username')} autoComplete="username" value={entries.username} error={errorAt('username', props)} />
      <SecretField reader={reader} words={passwordWords} name="password" label={t('credentials.password')} autoComplete="current-password" error={errorAt('password', props)} />
    </>
  )
}

function BankField({ field, ...props }: Props & { field: SignInField }) {
  const { reader, bankLang, entries } = props
  const name = formName(field.name)
  const shown = {
    name,
    label: <BankText text={field.label} lang={bankLang} />,
    hint: field.hint && <BankText text={field.hint} lang={bankLang} />,
    autoComplete: field.autocomplete ?? 'off',
    inputMode: field.inputMode ?? (field.type === 'number-like' ? 'numeric' : undefined),
    error: errorAt(name, props),
  }
  if (field.type === 'password') return <SecretField reader={reader} words={secretWords} {...shown} />
  return <Field {...shown} value={isSecret(field) ? undefined : entries[name]} />
}
