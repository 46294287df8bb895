import { expect, test } from "../support/test.ts";
import { success } from "../support/wizard.ts";
import { words } from "../support/words.ts";

test("a bank that takes its time shows a screen that waits and goes on by itself", async ({
  open,
}) => {
  const wizard = await open();
  await wizard.signIn("user_slow");
  await wizard.expectScreen("working.heading", { step: 1 });
  await wizard.expectScreen("authorised.heading", { step: 3 });
  expect(await wizard.patches()).toEqual([success]);
});

test.describe("without script", () => {
  test.use({ javaScriptEnabled: false });

  test("Check now finds the answer of a bank that took its time", async ({ open }) => {
    const wizard = await open();
    await wizard.signIn("user_slow");
    await wizard.expectScreen("working.heading", { step: 1 });
    // While the bank still thinks, the same screen comes again and nothing has happened.
    await wizard.press(wizard.button("working.check"));
    await wizard.expectScreen("working.heading", { step: 1 });
    // Presses Check now for as long as there is one.
    await wizard.expectScreen("authorised.heading", { step: 3 });
    expect(await wizard.patches()).toEqual([success]);
  });
});

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with script" : "without script", () => {
    test.use({ javaScriptEnabled });

    test("a bank that is away is said to be away, and the same form can be tried again", async ({
      open,
    }) => {
      const wizard = await open();
      await wizard.signIn("user_down");
      await wizard.expectScreen("credentials.heading", { step: 1, error: true });
      await expect(wizard.screen.getByRole("alert")).toContainText(words("bank-away.problem"));
      await expect(wizard.field(words("credentials.username"))).toHaveValue("user_down");
      await expect(wizard.password).toHaveValue("");
      await wizard.signIn("user_good");
      await wizard.expectScreen("authorised.heading", { step: 3 });
    });
  });
}
