import { expect, test } from "../support/test.ts";
import { type MessageKey, words } from "../support/words.ts";

const endings: [userName: string, result: string, name: string][] = [
  ["user_wrong_account", "refused", "refused.wrong-account"],
  ["user_locked", "refused", "refused.locked"],
  ["user_suspended", "refused", "refused.suspended"],
  ["user_password_expired", "refused", "refused.password-expired"],
  ["user_action_needed", "refused", "refused.action-needed"],
  ["user_unknown_kind", "failed", "failed.unknown-challenge"],
  ["user_broken", "failed", "failed.unexpected"],
];

for (const [userName, result, name] of endings) {
  test(`${userName} is told why and what to do, and Sage is told nothing`, async ({
    open,
    database,
  }) => {
    const wizard = await open();
    const { authorisationId: reference } = wizard.authorisation;
    await wizard.signIn(userName);
    await wizard.expectScreen(`${name}.heading` as MessageKey);
    await expect(
      wizard.screen.getByText(words(`${name}.text` as MessageKey, { reference }), { exact: true }),
    ).toBeVisible();
    // What is left of the way will not come, so none of it is shown.
    await expect(wizard.screen.getByRole("list")).toHaveCount(0);
    expect(await database.stored(wizard.authorisation.authorisationId)).toMatchObject({
      result,
      delivery: "not_required",
    });
    await wizard.goBackToSage();
    await wizard.expectBackInSage({ active: false });
    expect(await wizard.patches()).toEqual([]);
  });
}
