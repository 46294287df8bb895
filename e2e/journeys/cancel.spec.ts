import { expect, test } from '../support/test.ts'
import type { Wizard } from '../support/wizard.ts'

const moments: Record<string, (wizard: Wizard) => Promise<void>> = {
  'on the first screen': async () => undefined,
  'on a later screen': async (wizard) => {
    await wizard.signIn('user_sms')
    await wizard.expectScreen('one-time-code.heading', { step: 2, values: { length: 6 } })
  },
  'on a screen with an error': async (wizard) => {
    await wizard.continue()
    await wizard.expectScreen('credentials.heading', { step: 1, error: true })
  },
  'while the bank thinks': async (wizard) => {
    await wizard.signIn('user_slow')
    await wizard.expectScreen('working.heading', { step: 1 })
  },
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with script' : 'without script', () => {
    test.use({ javaScriptEnabled })

    for (const [moment, reach] of Object.entries(moments)) {
      test(`cancelling ${moment} leads back to Sage and tells it nothing`, async ({ open, database }) => {
        const wizard = await open()
        await reach(wizard)
        await wizard.cancel()
        await wizard.expectScreen('cancelled.heading')
        expect(await database.stored(wizard.authorisation.authorisationId)).toMatchObject({ claimed: true, result: 'cancelled', delivery: 'not_required' })
        await wizard.goBackToSage()
        await wizard.expectBackInSage({ active: false })
        expect(await wizard.patches()).toEqual([])
      })
    }
  })
}

test('what a slow bank says after a cancel changes nothing', async ({ open, context, database }) => {
  const wizard = await open()
  await wizard.signIn('user_slow')
  await wizard.expectScreen('working.heading', { step: 1 })
  await wizard.cancel()
  await wizard.expectScreen('cancelled.heading')
  // A second journey with the same bank ends after the first one's answer would have come.
  const later = await open({ page: await context.newPage() })
  await later.signIn('user_slow')
  await later.expectScreen('authorised.heading', { step: 3 })
  expect(await database.stored(wizard.authorisation.authorisationId)).toMatchObject({ result: 'cancelled' })
  expect(await wizard.patches()).toEqual([])
})
