import { expect, test } from "../support/test.ts";

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with script" : "without script", () => {
    test.use({ javaScriptEnabled });

    test("a message of the bank’s is read, and Continue goes on", async ({ open }) => {
      const wizard = await open();
      await wizard.signIn("user_message");
      await wizard.expectScreen("message.heading", { step: 2 });
      await expect(wizard.screen.getByRole("heading", { level: 2 })).toHaveText(
        "Our terms change on 1 March",
      );
      await expect(wizard.screen.locator(".bank-message p")).toHaveCount(2);
      await expect(wizard.screen.getByRole("textbox")).toHaveCount(0);
      await wizard.continue();
      await wizard.expectScreen("authorised.heading", { step: 3 });
    });
  });
}
