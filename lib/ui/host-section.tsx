import type { ReactNode } from 'react'
import type { Reader } from '../messages/reader.ts'

// Inside a foreign page only inline style is ours, and only `!important` survives a host's resets. No ids: they could clash with the host's.
const box = {
  display: 'block !important',
  maxWidth: '40em !important',
  margin: '0 auto !important',
  padding: '1rem !important',
  background: '#fff !important',
  color: '#14202b !important',
  font: '400 1.125rem/1.5 system-ui,sans-serif !important',
  letterSpacing: 'normal !important',
  textAlign: 'start !important',
  textTransform: 'none !important',
  visibility: 'visible !important',
  opacity: '1 !important',
} as unknown as React.CSSProperties

/** A piece of ours in the body of somebody else's page: a labelled section that speaks its own language. */
export function HostSection({ reader, heading, children, after }: { reader: Reader; heading: string; children: ReactNode; after?: ReactNode }) {
  return (
    <section lang={reader.locale} dir={reader.dir} aria-label={heading} style={box}>
      {children}
      {after}
    </section>
  )
}
