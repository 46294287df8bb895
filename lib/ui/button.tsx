/**
 * A button of a form: the one primary one of a screen, a secondary one, or one that looks like a
 * link but posts.
 */
export function Button({
  children,
  action,
  variant = "primary",
}: {
  children: string;
  action: string;
  variant?: "primary" | "secondary" | "link";
}) {
  return (
    <button type="submit" name="action" value={action} className={variant}>
      {children}
    </button>
  );
}
