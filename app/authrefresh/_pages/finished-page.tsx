import { endingOf } from '../../../lib/wizard/outcomes-table.ts'
import type { Screen } from '../../../lib/wizard/screen.ts'
import type { ScreenPageProps } from './screen-page.tsx'
import { ReturnLink } from './return-link.tsx'
import { WizardPage } from './wizard-page.tsx'

type Finished = Extract<Screen, { screen: 'finished' }>

/** How long the message stays before the script goes back, in seconds; the person can stop it (WCAG 2.2.1). Bad news takes longer to read. */
const returnAfter = (result: Finished['result']) => (result === 'authorised' || result === 'cancelled' ? 10 : 20)

/** The last screen: what happened, and the way back to Sage. 200 with a plain link, which the script follows (design decision 11). */
export function FinishedPage({ screen, address, reader, assets }: ScreenPageProps<Finished>) {
  const { t } = reader
  const { title, text } = endingOf(screen)
  const { bank, reference } = screen
  return (
    <WizardPage
      screen={screen}
      reader={reader}
      assets={assets}
      address={address}
      heading={t(title, { bank })}
      behaviour={{
        'data-version': screen.version,
        'data-focus': 'reauth-heading',
        'data-return-after': String(returnAfter(screen.result)),
        'data-stay': t('finished.stay'),
        'data-staying': t('finished.staying'),
        'data-leaving': t('finished.return-soon'),
      }}
    >
      <p>{t(text, { bank, reference })}</p>
      {screen.retrySeconds !== null && screen.retrySeconds > 0 && <p>{t('finished.retry', { bank, minutes: Math.ceil(screen.retrySeconds / 60) })}</p>}
      <ReturnLink returnTo={screen.returnTo} reader={reader} />
    </WizardPage>
  )
}
