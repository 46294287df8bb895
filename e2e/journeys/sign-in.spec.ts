import { expect, test } from "../support/test.ts";
import type { Wizard } from "../support/wizard.ts";
import { type MessageKey, words } from "../support/words.ts";

/**
 * The text stands in the summary, as a link to the field, and at the field, which is marked as
 * wrong.
 */
async function expectFieldError({ screen }: Wizard, name: string, key: MessageKey) {
  const field = screen.locator(`input[name=${name}]`);
  const summary = screen.getByRole("alert");
  await expect(
    summary
      .getByRole("link", { name: words(key) })
      .and(screen.locator(`a[href="#reauth-${name}"]`)),
  ).toBeVisible();
  await expect(field).toHaveAttribute("aria-invalid", "true");
  await expect(field).toHaveAccessibleDescription(words(key));
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with script" : "without script", () => {
    test.use({ javaScriptEnabled });

    test("a wrong password says so, keeps the user name, forgets the password, and the right one goes on", async ({
      open,
    }) => {
      const wizard = await open();
      await wizard.signIn("user_sms", "pass_wrong");
      await wizard.expectScreen("credentials.heading", { step: 1, error: true });
      await expectFieldError(wizard, "username", "credentials.wrong");
      await expect(wizard.field(words("credentials.username"))).toHaveValue("user_sms");
      await expect(wizard.password).toHaveValue("");
      await wizard.password.fill("pass_good");
      await wizard.continue();
      await wizard.expectScreen("one-time-code.heading", { step: 2, values: { length: 6 } });
      await wizard.enterCode();
      await wizard.expectScreen("authorised.heading", { step: 3 });
    });

    test("an empty form names both fields and asks the bank nothing", async ({
      open,
      database,
    }) => {
      const wizard = await open();
      await wizard.continue();
      await wizard.expectScreen("credentials.heading", { step: 1, error: true });
      await expectFieldError(wizard, "username", "credentials.username-missing");
      await expectFieldError(wizard, "password", "credentials.password-missing");
      expect(await database.stored(wizard.authorisation.authorisationId)).toMatchObject({
        claimed: true,
        sessions: 1,
        result: null,
      });
      await wizard.signIn("user_good");
      await wizard.expectScreen("authorised.heading", { step: 3 });
    });
  });
}

test("a wrong user name gets the same words as a wrong password", async ({ open }) => {
  const wizard = await open();
  await wizard.signIn("nobody_here");
  await wizard.expectScreen("credentials.heading", { step: 1, error: true });
  await expectFieldError(wizard, "username", "credentials.wrong");
});

test("a link of the summary goes to its field", async ({ open }) => {
  const wizard = await open();
  await wizard.fillCredentials("user_good", "");
  await wizard.continue();
  await wizard.expectScreen("credentials.heading", { step: 1, error: true });
  await expect(wizard.field(words("credentials.username"))).not.toHaveAttribute("aria-invalid");
  await wizard.screen.getByRole("link", { name: words("credentials.password-missing") }).click();
  await expect(wizard.password).toBeFocused();
});

test("Enter in a field presses Continue and not Cancel", async ({ open }) => {
  const wizard = await open();
  await wizard.fillCredentials("user_good");
  await wizard.password.press("Enter");
  await wizard.expectScreen("authorised.heading", { step: 3 });
});

test("a user name of the longest kind goes through, a longer one is said to be too long", async ({
  open,
}) => {
  const wizard = await open();
  await wizard.signIn("u".repeat(201));
  await wizard.expectScreen("credentials.heading", { step: 1, error: true });
  await expect(wizard.screen.getByRole("alert")).toContainText(
    words("credentials.username-too-long", { max: 200 }),
  );
  await wizard.signIn("u".repeat(200));
  await expect(wizard.screen.getByRole("alert")).toContainText(words("credentials.wrong"));
});

test("markup in a user name is shown as text", async ({ open }) => {
  const wizard = await open();
  const markup = '"><img src=x onerror=alert(1)><b>';
  await wizard.signIn(markup);
  await wizard.expectScreen("credentials.heading", { step: 1, error: true });
  await expect(wizard.field(words("credentials.username"))).toHaveValue(markup);
  await expect(wizard.screen.locator("img, b")).toHaveCount(0);
});
