import { Button } from '../../../lib/ui/button.tsx'
import { Form } from '../../../lib/ui/form.tsx'
import type { Screen } from '../../../lib/wizard/screen.ts'
import type { ScreenPageProps } from './screen-page.tsx'
import { CancelForm, WizardPage } from './wizard-page.tsx'

const waiting = (version: string, address: string) => ({ 'data-version': version, 'data-poll': `${address}/status`, 'data-focus': 'reauth-heading' })

/** The bank takes its time. The script asks for the next screen; without it the person does. */
export function WorkingPage({ screen, address, reader, assets }: ScreenPageProps<Extract<Screen, { screen: 'working' }>>) {
  const { t } = reader
  const { bank, formToken, version } = screen
  return (
    <WizardPage
      screen={screen}
      reader={reader}
      assets={assets}
      heading={t('working.heading', { bank })}
      before={<CancelForm address={address} token={formToken} reader={reader} />}
      behaviour={waiting(version, address)}
    >
      <p>{t('working.text', { bank })}</p>
      <Form address={address} token={formToken}>
        <Button action="check">{t('working.check')}</Button>
      </Form>
    </WizardPage>
  )
}

/** It is over and Sage does not know yet. The person may go; the delivery goes on without them. */
export function FinishingPage({ screen, address, reader, assets }: ScreenPageProps<Extract<Screen, { screen: 'finishing' }>>) {
  const { t } = reader
  const { bank, formToken, version } = screen
  return (
    <WizardPage
      screen={screen}
      reader={reader}
      assets={assets}
      heading={t('finishing.heading')}
      before={
        <Form address={address} token={formToken} className="cancel">
          <Button action="leave" look="link">
            {t('finishing.leave')}
          </Button>
        </Form>
      }
      behaviour={waiting(version, address)}
    >
      <p>{screen.succeeded ? t('finishing.authorised', { bank }) : t('finishing.ended')}</p>
      <p>{t('finishing.leave-hint')}</p>
      <Form address={address} token={formToken}>
        <Button action="check">{t('finishing.check')}</Button>
      </Form>
    </WizardPage>
  )
}
