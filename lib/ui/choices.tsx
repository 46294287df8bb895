import type { ReactNode } from "react";
import { errorId, fieldId } from "./field.tsx";

interface Choice {
  value: string;
  label: ReactNode;
  hint?: ReactNode;
}

export interface ChoicesProps {
  name: string;
  legend: ReactNode;
  error?: ReactNode;
  /** What the person chose before, where it is to be shown again. */
  chosen?: string | undefined;
  choices: readonly Choice[];
}

/**
 * One of several, none of them chosen by us: radio buttons whose whole row is the target. The first
 * one has the id of the field, so that a link of the error summary lands where the arrow keys work.
 * A group of radios may be invalid, a single radio may not (ARIA 1.2), hence the role.
 */
export function Choices({ name, legend, error, chosen, choices }: ChoicesProps) {
  const id = fieldId(name);
  return (
    <fieldset
      className={error ? "choices field-wrong" : "choices"}
      role="radiogroup"
      aria-labelledby={`${id}-legend`}
      aria-invalid={error ? true : undefined}
      aria-describedby={error ? errorId(name) : undefined}
    >
      <legend id={`${id}-legend`}>{legend}</legend>
      {error && (
        <p className="error" id={errorId(name)}>
          {error}
        </p>
      )}
      {choices.map(({ value, label, hint }, index) => {
        const own = index === 0 ? id : `${id}-${index + 1}`;
        return (
          <label key={value} className="choice" htmlFor={own}>
            {/* Named by its first line alone: the hint is a description, not part of a long name. */}
            <input
              type="radio"
              id={own}
              name={name}
              value={value}
              defaultChecked={value === chosen}
              {...(hint
                ? { "aria-labelledby": `${own}-label`, "aria-describedby": `${own}-hint` }
                : {})}
            />
            <span>
              {hint ? (
                <>
                  <span id={`${own}-label`}>{label}</span>
                  <span className="hint" id={`${own}-hint`}>
                    {hint}
                  </span>
                </>
              ) : (
                label
              )}
            </span>
          </label>
        );
      })}
    </fieldset>
  );
}
