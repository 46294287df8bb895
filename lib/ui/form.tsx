import type { ReactNode } from "react";

/**
 * A form of ours: posted to its screen's address with the token of its rendering; errors are the
 * server's to tell (`noValidate`).
 */
export function Form({
  url,
  token,
  id,
  className,
  children,
}: {
  url: string;
  token: string;
  id?: string | undefined;
  className?: string;
  children: ReactNode;
}) {
  return (
    <form id={id} method="post" action={url} noValidate className={className}>
      <input type="hidden" name="form_token" value={token} />
      {children}
    </form>
  );
}
