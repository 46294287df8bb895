import { expect, test } from "../support/test.ts";
import { words } from "../support/words.ts";

const about = "Customer number";

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with script" : "without script", () => {
    test.use({ javaScriptEnabled });

    test("a bank’s own fields are asked for, kept where they are no secret, and said to be wrong without saying which", async ({
      open,
    }) => {
      const wizard = await open();
      await wizard.signIn("user_fields");
      await wizard.expectScreen("credentials.heading-more", { step: 1 });
      const number = wizard.field(about);
      const pin = wizard.screen.locator("input[name=field-pin]");
      await expect(number).toHaveAccessibleDescription("It is on your bank statement.");

      await number.fill("4815");
      await wizard.continue();
      await wizard.expectScreen("credentials.heading-more", { step: 1, error: true });
      const summary = wizard.screen.getByRole("alert");
      await expect(
        summary.getByRole("link", {
          name: words("credentials.field-too-short", { min: 8, about }),
        }),
      ).toHaveAttribute("href", "#reauth-field-customer-number");
      await expect(
        summary.getByRole("link", {
          name: words("credentials.field-missing", { about: "Telephone banking PIN" }),
        }),
      ).toHaveAttribute("href", "#reauth-field-pin");
      await expect(number).toHaveValue("4815");

      await number.fill("4815 1623");
      await pin.fill("1111");
      await wizard.continue();
      await wizard.expectScreen("credentials.heading-more", { step: 1, error: true });
      await expect(
        summary.getByRole("link", { name: words("credentials.fields-wrong") }),
      ).toBeVisible();
      await expect(number).toHaveValue("4815 1623");
      await expect(pin).toHaveValue("");

      await pin.fill("2468");
      await wizard.continue();
      await wizard.expectScreen("authorised.heading", { step: 3 });
    });
  });
}

test("the button that shows what was typed says what it belongs to", async ({ open }) => {
  const wizard = await open();
  await wizard.signIn("user_fields");
  await wizard.expectScreen("credentials.heading-more", { step: 1 });
  const button = wizard.screen.getByRole("button", {
    name: `${words("credentials.show-secret")} Telephone banking PIN`,
    exact: true,
  });
  await button.click();
  await expect(wizard.screen.locator("input[name=field-pin]")).toHaveAttribute("type", "text");
  await expect(
    wizard.screen.getByRole("button", {
      name: `${words("credentials.hide-secret")} Telephone banking PIN`,
      exact: true,
    }),
  ).toBeFocused();
});
