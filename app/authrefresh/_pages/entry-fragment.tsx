import type { CSSProperties } from 'react'
import type { Reader } from '../../../lib/messages/reader.ts'
import { HostSection } from '../../../lib/ui/host-section.tsx'

const link = {
  display: 'inline-block!important',
  marginTop: '1rem',
  padding: '.75rem 1.25rem',
  background: '#0b4f8a!important',
  color: '#fff!important',
} satisfies CSSProperties

// Constant, so that a host may allow it by its hash. It works on the link before it and therefore needs no id, and it moves the frame it is in, never the top.
const follow = 'location.replace(document.currentScript.previousElementSibling.href)'

// The fragment is at most 2 KB (design decision 2). Parameters that are all as long as they may be leave no room for looks.
const longestStyledAddress = 1300

/**
 * What a server-side caller gets: at most 2 KB, one absolute link and the script that follows it. The link is visible, for hosts that drop scripts. Nothing of the query is echoed: the
 * parameters travel sealed in the handle.
 */
export function EntryFragment({ address, bank, reader }: { address: string; bank: string; reader: Reader }) {
  const { t } = reader
  const bare = address.length > longestStyledAddress
  return (
    <HostSection reader={reader} heading={t('fragment.heading')} bare={bare}>
      {t('fragment.text', { bank })}
      <br />
      <a href={address} style={bare ? undefined : link}>
        {t('fragment.link', { bank })}
      </a>
      <script dangerouslySetInnerHTML={{ __html: follow }} />
    </HostSection>
  )
}
