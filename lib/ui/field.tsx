import type { ReactNode } from "react";
import type { Translator } from "../i18n/translator.ts";

export interface FieldProps {
  name: string;
  /** Text, or a bank's own words. */
  label: ReactNode;
  hint?: ReactNode;
  error?: ReactNode;
  /** The id of an error's words that stand elsewhere and are about this field, too. */
  errorId?: string | undefined;
  type?: "text" | "password";
  value?: string | undefined;
  autoComplete: string;
  inputMode?: "text" | "numeric" | "email" | "tel" | undefined;
  className?: string;
}

/**
 * The id of a field's input; ids are prefixed because the document may stand inside somebody else's
 * body.
 */
export const fieldId = (name: string) => `reauth-${name}`;

/** The id of the words of an error at a field. */
export const errorId = (name: string) => `${fieldId(name)}-error`;

/**
 * One labelled text input with its hint and its error beside it. No `required`, no `maxlength`: a
 * browser's own bubble would speak in another voice and language, and a cut-off paste loses an
 * answer without a word (accessibility rule 5).
 */
export function Field({
  name,
  label,
  hint,
  error,
  errorId: errorElsewhere,
  type = "text",
  value,
  autoComplete,
  inputMode,
  className,
}: FieldProps) {
  const id = fieldId(name);
  const describedBy = [hint && `${id}-hint`, error ? errorId(name) : errorElsewhere]
    .filter(Boolean)
    .join(" ");
  return (
    <div className={error ? "field field-wrong" : "field"}>
      <label htmlFor={id}>{label}</label>
      {hint && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p className="error" id={errorId(name)}>
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
        aria-invalid={error || errorElsewhere ? true : undefined}
        aria-describedby={describedBy || undefined}
      />
    </div>
  );
}

/**
 * The words of the button that shows a password: a user's password, of which there is one on a
 * page, or whatever the label says.
 */
export const passwordWords = {
  show: "credentials.show-password",
  hide: "credentials.hide-password",
  shown: "credentials.password-shown",
  hidden: "credentials.password-hidden",
} as const;
export const secretWords = {
  show: "credentials.show-secret",
  hide: "credentials.hide-secret",
  shown: "credentials.secret-shown",
  hidden: "credentials.secret-hidden",
  named: true,
} as const;

/**
 * An input that hides what is typed. The script adds the button that shows it, named by the label
 * too where there may be several; without script there is no dead button. Its form says by which
 * name a secret comes: a browser may ask whether to save it, over the next screen
 * (docs/decisions/063).
 */
export function SecretField({
  translator,
  words,
  ...field
}: Omit<FieldProps, "type"> & {
  translator: Translator;
  words: typeof passwordWords | typeof secretWords;
}) {
  const { t } = translator;
  return (
    <div
      className="password"
      data-show={t(words.show)}
      data-hide={t(words.hide)}
      data-shown={t(words.shown)}
      data-hidden={t(words.hidden)}
      data-named={"named" in words || undefined}
    >
      <Field {...field} type="password" />
      <input type="hidden" name="secret_field" value={field.name} />
    </div>
  );
}
