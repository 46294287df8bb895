import type { Reader } from '../../lib/messages/reader.ts'
import { type Assets, Page } from '../../lib/ui/page.tsx'
import { HostSection } from '../../lib/ui/host-section.tsx'
import { type ErrorName, outcomes } from '../../lib/wizard/outcomes-table.ts'

/**
 * What happened and what to do next, as a document of its own. With `tryAgain`, an address of ours that may be asked for again, it has the link that a frame without a reload button
 * needs; such a page follows something the person did, so its heading takes the focus.
 */
export function ErrorPage({ name, reader, assets, tryAgain }: { name: ErrorName; reader: Reader; assets: Assets; tryAgain?: string | undefined }) {
  const { t } = reader
  const { title, text } = outcomes[`error.${name}`]
  const heading = t(title)
  return (
    <Page
      reader={reader}
      assets={assets}
      title={t('page.title', { heading, bank: t('error.service') })}
      heading={heading}
      before={tryAgain && <a href={tryAgain}>{t('error.try-again')}</a>}
      behaviour={tryAgain ? { 'data-focus': 'reauth-heading' } : {}}
    >
      <p>{t(text)}</p>
    </Page>
  )
}

/** The same for somebody else's page; nothing of the request comes back in it. */
export function ErrorFragment({ name, reader }: { name: ErrorName; reader: Reader }) {
  const { t } = reader
  const { title, text } = outcomes[`error.${name}`]
  return (
    <HostSection reader={reader} heading={t(title)}>
      {t(text)}
    </HostSection>
  )
}
