import { expect, test } from "../support/test.ts";
import { success } from "../support/wizard.ts";
import { words } from "../support/words.ts";

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with script" : "without script", () => {
    test.use({ javaScriptEnabled });

    test("an approval in the bank’s app goes on by itself, or by Check now, with the number to match on the screen", async ({
      open,
    }) => {
      const wizard = await open();
      await wizard.signIn("user_push_number");
      await wizard.expectScreen("approval.heading", { step: 2 });
      await expect(wizard.screen.locator(".match-number")).toHaveText("42");
      await expect(wizard.screen.getByRole("textbox")).toHaveCount(0);
      await wizard.expectScreen("authorised.heading", { step: 3 });
      expect(await wizard.patches()).toEqual([success]);
    });

    test("a request turned down in the app says so, can be sent again, and leads to another way", async ({
      open,
      watch,
    }) => {
      // With script the screen may go on by itself while a button is pressed.
      if (javaScriptEnabled) watch.expectOvertaken();
      const wizard = await open();
      await wizard.signIn("user_push_denied");
      await wizard.expectScreen("approval.heading", { step: 2 });
      await wizard.expectScreen("approval.heading-over", { step: 2, error: true });
      await expect(wizard.screen.getByRole("alert")).toContainText(words("approval.denied"));
      await wizard.press(wizard.button("approval.ask-again"));
      await wizard.expectScreen("approval.heading", { step: 2 });
      await expect(wizard.screen.locator(".notice")).toHaveText(words("notice.asked-again"));
      await wizard.press(wizard.button("page.other-way"));
      await wizard.expectScreen("one-time-code.heading", { step: 2, values: { length: 6 } });
      await wizard.enterCode();
      await wizard.expectScreen("authorised.heading", { step: 3 });
    });
  });
}

test("a request that nobody answers runs out, and says so", async ({ open, database }) => {
  const wizard = await open();
  await wizard.signIn("user_push_expired");
  await wizard.expectScreen("approval.heading", { step: 2 });
  await database.age((await wizard.frame()).url(), 20_000);
  await wizard.expectScreen("approval.heading-over", { step: 2, error: true });
  await expect(wizard.screen.getByRole("alert")).toContainText(words("approval.expired"));
});

test.describe("without script", () => {
  test.use({ javaScriptEnabled: false });

  test("Check now says that there is nothing new, as long as there is nothing", async ({
    open,
  }) => {
    const wizard = await open();
    await wizard.signIn("user_push_expired");
    await wizard.expectScreen("approval.heading", { step: 2 });
    await wizard.press(wizard.button("approval.check"));
    await expect(wizard.screen.locator(".notice")).toHaveText(words("notice.nothing-new"));
    await wizard.expectScreen("approval.heading", { step: 2 });
  });
});
