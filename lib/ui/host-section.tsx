import type { CSSProperties, ReactNode } from 'react'
import type { Reader } from '../messages/reader.ts'

// Inside a foreign page only inline style is ours, and only `!important` survives a host's resets. No ids: they could clash with the host's.
const box = {
  display: 'block!important',
  maxWidth: '40em',
  margin: '0 auto',
  padding: '1rem',
  background: '#fff!important',
  color: '#14202b!important',
  font: '400 1.125rem/1.5 system-ui,sans-serif!important',
} satisfies CSSProperties

/** A piece of ours in the body of somebody else's page: a labelled section that speaks its own language. `bare` leaves its looks to the host. */
export function HostSection({ reader, heading, bare = false, children }: { reader: Reader; heading: string; bare?: boolean; children: ReactNode }) {
  return (
    <section lang={reader.locale} dir={reader.dir} aria-label={heading} style={bare ? undefined : box}>
      {children}
    </section>
  )
}
