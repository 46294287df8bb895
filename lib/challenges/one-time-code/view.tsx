import { Field } from '../../ui/field.tsx'
import { errorAt, type ViewProps } from '../challenge.ts'

/** One field for the whole code: boxes for single digits break paste, autofill and screen readers (accessibility rule 6). */
export function OneTimeCodeView({ view, reader, bank, problems }: ViewProps<{ destination: string; length: number }>) {
  const { t } = reader
  return (
    <Field
      name="code"
      label={t('one-time-code.code', { length: view.length })}
      hint={t('one-time-code.sent-by-sms', { bank, destination: view.destination })}
      autoComplete="one-time-code"
      inputMode="numeric"
      className="code"
      error={errorAt('code', problems, reader)}
    />
  )
}
