import type { CSSProperties, ReactNode } from 'react'
import type { Reader } from '../messages/reader.ts'

// Inside a foreign page only inline style is ours, and only `!important` survives the host's sheet: first everything of the host's is taken back, then
// the little that is needed is set. No ids: they could clash with the host's. Short, because it counts against the fragment's 2 KB.
const box = {
  all: 'initial!important' as 'initial',
  display: 'block!important',
  padding: '1em!important',
  background: '#fff!important',
  color: '#000!important',
  font: '18px/1.5 sans-serif!important',
} as CSSProperties

/** A piece of ours in the body of somebody else's page: a labelled section that speaks its own language. */
export function HostSection({ reader, heading, children }: { reader: Reader; heading: string; children: ReactNode }) {
  return (
    <section lang={reader.locale} dir={reader.dir} aria-label={heading} style={box}>
      {children}
    </section>
  )
}
