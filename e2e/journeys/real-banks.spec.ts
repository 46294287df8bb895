import { rightCode, rightPassword } from '../../lib/banks/berlin-group/berlin-group-bank.fixture.ts'
import { axeFindingsIn } from '../support/axe.ts'
import { berlinGroupAccount, connectCodeKey, test, testBanks } from '../support/test-banks.ts'
import { expect } from '../support/test.ts'
import { success } from '../support/wizard.ts'
import { words } from '../support/words.ts'

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with script' : 'without script', () => {
    test.use({ javaScriptEnabled })

    test('a bank of the Berlin Group asks for a password, a way and a code, with its own words beside ours', async ({ open }) => {
      const wizard = await open({ bankId: testBanks.berlinGroup, externalId: berlinGroupAccount })
      await wizard.signIn('choose', 'not the password')
      await wizard.expectScreen('credentials.heading', { step: 1, error: true })
      await wizard.signIn('choose', rightPassword)
      await wizard.expectScreen('method-choice.heading', { step: 2 })
      await wizard.screen.getByRole('radio', { name: 'SMS OTP on phone +49160 xxxxx 28', exact: true }).check()
      await wizard.continue()
      await wizard.expectScreen('one-time-code.heading-any', { step: 2 })
      await expect(wizard.screen.locator('p.bank-message')).toHaveText('Nobody at the bank asks for this <b>code</b>. Please confirm.')
      await wizard.field(words('one-time-code.code-any')).fill('1')
      await wizard.continue()
      await wizard.expectScreen('one-time-code.heading-any', { step: 2, error: true })
      if (javaScriptEnabled) expect(await axeFindingsIn(await wizard.frame())).toEqual([])
      await wizard.field(words('one-time-code.code-any')).fill(rightCode)
      await wizard.continue()
      await wizard.expectScreen('authorised.heading', { step: 3 })
      expect(await wizard.patches()).toEqual([success])
    })

    test('a code from the bank’s app is all that is typed, and a made-up one is wrong', async ({ visit, connector, request }) => {
      const wizard = await visit({ bankId: testBanks.connectCode })
      if (!javaScriptEnabled) await wizard.screen.getByRole('link').click()
      await wizard.expectScreen('one-time-code.heading', { step: 2, values: { length: 8 } })
      await expect(wizard.screen.locator('p.bank-message')).toHaveText('In the app, choose More, then Connect to Sage.')
      const asked = { bankId: testBanks.connectCode, accounts: [{ externalId: wizard.authorisation.externalId }] }
      const call = (key: string) => request.post(`${connector.connectorUrl}/bank/calls`, { headers: { authorization: `Bearer ${key}` }, data: asked })
      expect((await call('k'.repeat(64))).status()).toBe(401)
      const made = await call(connectCodeKey(connector.connectorUrl))
      expect(made.status()).toBe(201)
      const { code, display } = (await made.json()) as { code: string; display: string }
      const field = wizard.field(words('one-time-code.code', { length: 8 }))
      await field.fill(code.replace(/.$/, (last) => String((Number(last) + 1) % 10)))
      await wizard.continue()
      await wizard.expectScreen('one-time-code.heading', { step: 2, error: true, values: { length: 8 } })
      if (javaScriptEnabled) expect(await axeFindingsIn(await wizard.frame())).toEqual([])
      await field.fill(display)
      await wizard.continue()
      await wizard.expectScreen('authorised.heading', { step: 3 })
      expect(await wizard.patches()).toEqual([success])
    })
  })
}
