import { kindOf } from '../../../lib/challenges/index.ts'
import { Button } from '../../../lib/ui/button.tsx'
import { ErrorSummary } from '../../../lib/ui/error-summary.tsx'
import { Form } from '../../../lib/ui/form.tsx'
import type { Screen } from '../../../lib/wizard/screen.ts'
import type { ScreenPageProps } from './screen-page.tsx'
import { CancelForm, WizardPage } from './wizard-page.tsx'

/** What the bank asks, of whatever kind. */
export function ChallengePage({ screen, address, reader, assets }: ScreenPageProps<Extract<Screen, { screen: 'challenge' }>>) {
  const { t } = reader
  const { bank, content, formToken, minutesLeft, version } = screen
  const kind = kindOf(content.challenge)
  const errors = [
    ...(content.pageProblem ? [{ text: t(`${content.pageProblem}.problem`, { bank }) }] : []),
    ...content.problems.map(({ field, message }) => ({ field, text: t(message.key, message.values) })),
  ]
  const wrong = errors.length > 0
  // The first screen appears while the person is still in Sage's page: it must not take the focus from there (accessibility rule 4).
  const focus = minutesLeft === undefined ? { 'data-focus': wrong ? 'reauth-errors' : 'reauth-heading' } : {}
  return (
    <WizardPage
      screen={screen}
      reader={reader}
      assets={assets}
      wrong={wrong}
      heading={t(kind.heading, { ...kind.values, bank })}
      before={<CancelForm address={address} token={formToken} reader={reader} />}
      behaviour={{ 'data-version': version, ...focus }}
    >
      <ErrorSummary heading={t('page.errors')} items={errors} />
      {content.notice && <p className="notice">{t(`notice.${content.notice}`, { bank })}</p>}
      {minutesLeft !== undefined && <p>{t('page.time-limit', { minutes: minutesLeft })}</p>}
      <Form address={address} token={formToken}>
        {kind.render({ bank, reader, problems: content.problems, entries: content.entries })}
        <Button action="continue">{t('page.continue')}</Button>
        {kind.otherWays.map(({ action, key }) => (
          <Button key={action} action={action} look="secondary">
            {t(key)}
          </Button>
        ))}
      </Form>
    </WizardPage>
  )
}
