import type { ReactNode } from 'react'

/** A form of ours: posted to its screen's address with the token of its rendering; errors are the server's to tell (`noValidate`). */
export function Form({ address, token, className, children }: { address: string; token: string; className?: string; children: ReactNode }) {
  return (
    <form method="post" action={address} noValidate className={className}>
      <input type="hidden" name="form_token" value={token} />
      {children}
    </form>
  )
}
