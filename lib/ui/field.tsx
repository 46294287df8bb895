import type { ReactNode } from 'react'
import type { Reader } from '../messages/reader.ts'

export interface FieldProps {
  name: string
  /** Text, or a bank's own words. */
  label: ReactNode
  hint?: ReactNode
  error?: ReactNode
  type?: 'text' | 'password'
  value?: string | undefined
  autoComplete: string
  inputMode?: 'numeric' | 'text'
  className?: string
}

/** The id of a field's input; ids are prefixed because the document may stand inside somebody else's body. */
export const fieldId = (name: string) => `reauth-${name}`

/**
 * One labelled text input with its hint and its error beside it. No `required`, no `maxlength`: a browser's own bubble would
 * speak in another voice and language, and a cut-off paste loses an answer without a word (accessibility rule 5).
 */
export function Field({ name, label, hint, error, type = 'text', value, autoComplete, inputMode, className }: FieldProps) {
  const id = fieldId(name)
  const describedBy = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ')
  return (
    <div className={error ? 'field field-wrong' : 'field'}>
      <label htmlFor={id}>{label}</label>
      {hint && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p className="error" id={`${id}-error`}>
          {error}
        </p>
      )}
      <input
        id={id}
        name={name}
        type={type}
        defaultValue={value}
        autoComplete={autoComplete}
        inputMode={inputMode}
        className={className}
        spellCheck={false}
        autoCapitalize="none"
        autoCorrect="off"
        aria-invalid={error ? true : undefined}
        aria-describedby={describedBy || undefined}
      />
    </div>
  )
}

/** A password input. The script adds the button that shows it; without script there is no dead button. */
export function PasswordField({ reader, ...field }: Omit<FieldProps, 'type'> & { reader: Reader }) {
  const { t } = reader
  return (
    <div
      className="password"
      data-show={t('credentials.show-password')}
      data-hide={t('credentials.hide-password')}
      data-shown={t('credentials.password-shown')}
      data-hidden={t('credentials.password-hidden')}
    >
      <Field {...field} type="password" />
    </div>
  )
}
