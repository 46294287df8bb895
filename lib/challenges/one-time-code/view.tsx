import { Field } from '../../ui/field.tsx'
import { errorAt, type ViewProps } from '../challenge.ts'

/** One field for the whole code: boxes for single digits break paste, autofill and screen readers (accessibility rule 6). */
export function OneTimeCodeView(props: ViewProps<{ destination: string; length: number }>) {
  const { view, reader, bank } = props
  const { t } = reader
  return (
    <Field
      name="code"
      label={t('one-time-code.code', { length: view.length })}
      hint={t('one-time-code.sent-by-sms', { bank, destination: view.destination })}
      autoComplete="one-time-code"
      inputMode="numeric"
      className="code"
      error={errorAt('code', props)}
    />
  )
}
