import type { Reader } from '../../../lib/messages/reader.ts'
import { HostSection } from '../../../lib/ui/host-section.tsx'

const link = {
  display: 'inline-block !important',
  margin: '1rem 0 0 !important',
  padding: '.75rem 1.25rem !important',
  background: '#0b4f8a !important',
  color: '#fff !important',
  font: '700 1.125rem/1.5 system-ui,sans-serif !important',
  textDecoration: 'underline !important',
  outlineOffset: '3px !important',
} as unknown as React.CSSProperties

// Constant, so that a host may allow it by its hash. It works on the link beside it and therefore needs no id, and it moves the frame it is in, never the top.
const follow = 'location.replace(document.currentScript.parentNode.querySelector("a").href)'

/**
 * What a server-side caller gets: at most 2 KB, one absolute link and the script that follows it. The link is visible, for hosts that drop scripts. Nothing of the query is echoed: the
 * parameters travel sealed in the handle.
 */
export function EntryFragment({ address, bank, reader }: { address: string; bank: string; reader: Reader }) {
  const { t } = reader
  return (
    <HostSection
      reader={reader}
      heading={t('fragment.heading')}
      after={<script dangerouslySetInnerHTML={{ __html: follow }} />}
    >
      {t('fragment.text', { bank })}
      <br />
      <a href={address} style={link}>
        {t('fragment.link', { bank })}
      </a>
    </HostSection>
  )
}
