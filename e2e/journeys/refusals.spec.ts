import { expect, test } from '../support/test.ts'
import { type MessageKey, words } from '../support/words.ts'

const refusals: [userName: string, reason: string][] = [
  ['user_wrong_account', 'wrong-account'],
  ['user_locked', 'locked'],
  ['user_suspended', 'suspended'],
  ['user_password_expired', 'password-expired'],
  ['user_action_needed', 'action-needed'],
]

for (const [userName, reason] of refusals) {
  test(`${userName} is told why and what to do, and Sage is told nothing`, async ({ open, database }) => {
    const wizard = await open()
    await wizard.signIn(userName)
    await wizard.expectScreen(`refused.${reason}.heading` as MessageKey)
    await expect(wizard.screen.getByText(words(`refused.${reason}.text` as MessageKey), { exact: true })).toBeVisible()
    // What is left of the way will not come, so none of it is shown.
    await expect(wizard.screen.getByRole('list')).toHaveCount(0)
    expect(await database.stored(wizard.authorisation.authorisationId)).toMatchObject({ result: 'refused', delivery: 'not_required' })
    await wizard.goBackToSage()
    await wizard.expectBackInSage({ active: false })
    expect(await wizard.patches()).toEqual([])
  })
}
