import { expect, test } from "../support/test.ts";
import { words } from "../support/words.ts";

const codeScreen = { step: 2, values: { length: 6 } } as const;

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with script" : "without script", () => {
    test.use({ javaScriptEnabled });

    test("a way is chosen before anything is sent, can be chosen again, and leads through", async ({
      open,
    }) => {
      const wizard = await open();
      await wizard.signIn("user_device");
      await wizard.expectScreen("method-choice.heading", { step: 2 });
      const embedMode = (name: string) => wizard.screen.getByRole("radio", { name, exact: true });
      const group = wizard.screen.getByRole("radiogroup", { name: words("method-choice.legend") });
      await expect(group.getByRole("radio")).toHaveCount(3);
      await expect(group.getByRole("radio", { checked: true })).toHaveCount(0);
      await expect(embedMode("Text message")).toHaveAccessibleDescription("To •••• 123");

      await wizard.continue();
      await wizard.expectScreen("method-choice.heading", { step: 2, error: true });
      await expect(group).toHaveAttribute("aria-invalid", "true");
      await expect(group).toHaveAccessibleDescription(words("method-choice.missing"));
      await wizard.screen
        .getByRole("alert")
        .getByRole("link", { name: words("method-choice.missing") })
        .click();
      await expect(embedMode("Text message")).toBeFocused();

      await embedMode("Email").check();
      await wizard.continue();
      await wizard.expectScreen("one-time-code.heading", codeScreen);
      await expect(wizard.code).toHaveAccessibleDescription(
        words("one-time-code.sent-by-email", { destination: "a•••@example.com" }),
      );
      await wizard.press(wizard.button("page.other-way"));
      await wizard.expectScreen("method-choice.heading", { step: 2 });
      await expect(group.getByRole("radio", { checked: true })).toHaveCount(0);

      await embedMode("Authenticator app").check();
      await wizard.continue();
      await wizard.expectScreen("one-time-code.heading", codeScreen);
      await expect(wizard.button("one-time-code.send-again")).toHaveCount(0);
      await wizard.enterCode("654321");
      await wizard.expectScreen("one-time-code.heading", { ...codeScreen, error: true });
      await wizard.enterCode();
      await wizard.expectScreen("authorised.heading", { step: 3 });
    });
  });
}

test("a way can be chosen with the keys alone", async ({ open, page }) => {
  const wizard = await open();
  await wizard.signIn("user_device");
  await wizard.expectScreen("method-choice.heading", { step: 2 });
  const radio = (name: string) => wizard.screen.getByRole("radio", { name, exact: true });
  await radio("Text message").focus();
  await page.keyboard.press("ArrowDown");
  await expect(radio("Email")).toBeChecked();
  await page.keyboard.press("Enter");
  await wizard.expectScreen("one-time-code.heading", codeScreen);
});
