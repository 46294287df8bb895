import { expect, test } from '../support/test.ts'
import { type MessageKey, words } from '../support/words.ts'

const codeScreen = { step: 2, values: { length: 6 } } as const

const spellings = ['123 456', '123-456', '１２３４５６', ' 123456 ', '123–456', '12\u200b3456']

for (const spelling of spellings) {
  test(`a code pasted as ${JSON.stringify(spelling)} is accepted, and none of it is cut off`, async ({ open, page }) => {
    const wizard = await open()
    await wizard.signIn('user_sms')
    await wizard.expectScreen('one-time-code.heading', codeScreen)
    await wizard.code.focus()
    // As a paste does: all at once, and no key is pressed.
    await page.keyboard.insertText(spelling)
    await expect(wizard.code).toHaveValue(spelling)
    await wizard.continue()
    await wizard.expectScreen('authorised.heading', { step: 3 })
  })
}

const misfilled: [what: string, code: string, message: MessageKey][] = [
  ['a wrong code', '654321', 'one-time-code.wrong'],
  ['no code', '', 'one-time-code.missing'],
  ['letters', 'abcdef', 'one-time-code.not-digits'],
  ['a code that is too short', '12345', 'one-time-code.wrong-length'],
  ['a code that is too long', '1234567', 'one-time-code.wrong-length'],
]

for (const [what, code, message] of misfilled) {
  test(`${what} says what is wrong, empties the field, and the right code goes on`, async ({ open }) => {
    const wizard = await open()
    await wizard.signIn('user_sms')
    await wizard.expectScreen('one-time-code.heading', codeScreen)
    await wizard.enterCode(code)
    await wizard.expectScreen('one-time-code.heading', { ...codeScreen, error: true })
    const text = words(message, { length: 6 })
    await expect(wizard.screen.getByRole('alert').getByRole('link', { name: text })).toHaveAttribute('href', '#reauth-code')
    await expect(wizard.code).toHaveAttribute('aria-invalid', 'true')
    await expect(wizard.code).toHaveAccessibleDescription(new RegExp(RegExp.escape(text)))
    await expect(wizard.code).toHaveValue('')
    await wizard.enterCode()
    await wizard.expectScreen('authorised.heading', { step: 3 })
  })
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with script' : 'without script', () => {
    test.use({ javaScriptEnabled })

    test('a new code can be sent, the screen says so, and a code from before still works', async ({ open }) => {
      const wizard = await open()
      await wizard.signIn('user_sms')
      await wizard.expectScreen('one-time-code.heading', codeScreen)
      await wizard.sendNewCode()
      await expect(wizard.screen.locator('.notice')).toHaveText(words('notice.sent-again'))
      await wizard.expectScreen('one-time-code.heading', codeScreen)
      await wizard.enterCode()
      await wizard.expectScreen('authorised.heading', { step: 3 })
    })
  })
}

test('after a wrong code a new one can be sent, and the error is gone', async ({ open }) => {
  const wizard = await open()
  await wizard.signIn('user_sms')
  await wizard.enterCode('000000')
  await wizard.expectScreen('one-time-code.heading', { ...codeScreen, error: true })
  await wizard.sendNewCode()
  await wizard.expectScreen('one-time-code.heading', codeScreen)
  await expect(wizard.screen.getByRole('alert')).toHaveCount(0)
})

test('Enter in the field sends the code and asks for no new one', async ({ open }) => {
  const wizard = await open()
  await wizard.signIn('user_sms')
  await wizard.code.fill('123456')
  await wizard.code.press('Enter')
  await wizard.expectScreen('authorised.heading', { step: 3 })
})

test('a wrong answer to a question says so, and the right one goes on', async ({ open }) => {
  const wizard = await open()
  await wizard.signIn('user_two_rounds')
  await wizard.enterCode()
  await wizard.expectScreen('security-questions.heading', { step: 2, values: { count: 1 } })
  await wizard.answerQuestion('mauve')
  await wizard.expectScreen('security-questions.heading', { step: 2, error: true, values: { count: 1 } })
  await expect(wizard.screen.getByRole('textbox')).toHaveValue('')
  await wizard.answerQuestion('BLUE ')
  await wizard.expectScreen('authorised.heading', { step: 3 })
})
