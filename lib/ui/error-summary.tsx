import type { ReactNode } from "react";
import { fieldId } from "./field.tsx";

export interface SummaryItem {
  /** The field to go to; absent when the problem belongs to no field. */
  field?: string | undefined;
  text: ReactNode;
  /** Marks it for the script. */
  className?: string;
}

/**
 * What is wrong on this screen, first of all, with links to the fields. The inner alert is what
 * NVDA and Orca speak after the box was focused (measured, accessibility.md); `tabIndex` lets the
 * script focus it.
 */
export function ErrorSummary({
  heading,
  items,
}: {
  heading: string;
  items: readonly SummaryItem[];
}) {
  if (items.length === 0) return null;
  return (
    <div
      className="error-summary"
      id="reauth-errors"
      role="group"
      tabIndex={-1}
      aria-labelledby="reauth-errors-heading"
    >
      <div role="alert">
        <h2 id="reauth-errors-heading">{heading}</h2>
        <ul>
          {items.map(({ field, text, className }, index) => (
            <li key={field ?? index} className={className}>
              {field ? <a href={`#${fieldId(field)}`}>{text}</a> : text}
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}
