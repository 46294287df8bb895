import { expect, test } from "../support/test.ts";
import { words } from "../support/words.ts";

test("the password can be shown and hidden again, in words, and each change is said", async ({
  open,
}) => {
  const wizard = await open();
  await wizard.fillCredentials("user_sms", "pass_wrong");
  const status = wizard.screen.getByRole("status");
  await expect(wizard.password).toHaveAttribute("type", "password");
  await wizard.button("credentials.show-password").click();
  await expect(wizard.password).toHaveAttribute("type", "text");
  await expect(wizard.password).toHaveValue("pass_wrong");
  await expect(status).toHaveText(words("credentials.password-shown"));
  await expect(wizard.button("credentials.hide-password")).toBeFocused();
  await wizard.button("credentials.hide-password").click();
  await expect(wizard.password).toHaveAttribute("type", "password");
  await expect(status).toHaveText(words("credentials.password-hidden"));
});

test("a shown password is hidden before it is sent, so that the browser does not keep it as a text", async ({
  open,
  page,
}) => {
  const wizard = await open();
  await wizard.fillCredentials("user_sms");
  await wizard.button("credentials.show-password").click();
  const types: string[] = [];
  await page.exposeFunction("tellType", (type: string) => types.push(type));
  await wizard.password.evaluate((input: HTMLInputElement) => {
    const { tellType } = window as unknown as { tellType(type: string): void };
    // Behind the wizard's own listener.
    addEventListener("submit", () => tellType(input.type));
  });
  await wizard.continue();
  await wizard.expectScreen("one-time-code.heading", { step: 2, values: { length: 6 } });
  expect(types).toEqual(["password"]);
});

test("the next screen hides it again", async ({ open }) => {
  const wizard = await open();
  await wizard.fillCredentials("user_sms", "pass_wrong");
  await wizard.button("credentials.show-password").click();
  await wizard.continue();
  await wizard.expectScreen("credentials.heading", { step: 1, error: true });
  await expect(wizard.password).toHaveAttribute("type", "password");
  await expect(wizard.button("credentials.show-password")).toBeVisible();
});

test("coming Back to the page finds nothing typed and nothing shown", async ({ open, page }) => {
  const wizard = await open({ standalone: true });
  await wizard.fillCredentials("user_sms");
  await wizard.button("credentials.show-password").click();
  await page.goto("about:blank");
  await page.goBack();
  await wizard.expectScreen("credentials.heading", { step: 1 });
  await expect(wizard.password).toHaveAttribute("type", "password");
  await expect(wizard.password).toHaveValue("");
});

test("a password can be pasted", async ({ open, page }) => {
  const wizard = await open();
  await wizard.field(words("credentials.username")).fill("user_good");
  await wizard.password.focus();
  await page.keyboard.insertText("pass_good");
  await wizard.continue();
  await wizard.expectScreen("authorised.heading", { step: 3 });
});

test.describe("without script", () => {
  test.use({ javaScriptEnabled: false });

  test("there is no button that would do nothing", async ({ open }) => {
    const wizard = await open();
    await expect(wizard.screen.getByRole("button")).toHaveText([
      words("page.cancel"),
      words("page.continue"),
      words("language.change"),
    ]);
  });
});
