import { Field, PasswordField } from '../../ui/field.tsx'
import { errorAt, type ViewProps } from '../challenge.ts'

export function CredentialsView(props: ViewProps<unknown>) {
  const { reader, bank, entries } = props
  const { t } = reader
  return (
    <>
      <p>{t('credentials.whose-page', { bank })}</p>
      <Field
        name="username"
        label={t('credentials.username')}
        autoComplete="username"
        value={entries.username}
        error={errorAt('username', props)}
      />
      <PasswordField
        reader={reader}
        name="password"
        label={t('credentials.password')}
        autoComplete="current-password"
        error={errorAt('password', props)}
      />
    </>
  )
}
