export interface StepIndicatorProps {
  label: string;
  phases: readonly { name: string; status: "done" | "current" | "coming" }[];
  doneWord: string;
  currentWord: string;
}

/**
 * Where the person is in the journey. `aria-current` alone was not spoken in Firefox and Chromium
 * frames (measured, accessibility.md), so hidden words say it too; `role="list"` because Safari
 * drops the list role with the bullets.
 */
export function StepIndicator({ label, phases, doneWord, currentWord }: StepIndicatorProps) {
  return (
    <ol className="steps" role="list" aria-label={label}>
      {phases.map(({ name, status }) => (
        <li key={name} className={status} aria-current={status === "current" ? "step" : undefined}>
          {status !== "coming" && (
            <span className="visually-hidden">{`${status === "done" ? doneWord : currentWord} `}</span>
          )}
          {name}
        </li>
      ))}
    </ol>
  );
}
