import { expect, test } from "../support/test.ts";
import { words } from "../support/words.ts";

const codeScreen = { step: 2, values: { length: 6 } } as const;

test("a code that is pasted with spaces, dashes or full-width digits is kept as it is and accepted", async ({
  open,
  page,
}) => {
  const wizard = await open();
  await wizard.signIn("user_sms");
  await wizard.expectScreen("one-time-code.heading", codeScreen);
  await wizard.code.focus();
  // As a paste does: all at once, and no key is pressed. Every other spelling:
  // code-spellings.spec.ts.
  const pasted = " 123-４５ 6";
  await page.keyboard.insertText(pasted);
  await expect(wizard.code).toHaveValue(pasted);
  await wizard.continue();
  await wizard.expectScreen("authorised.heading", { step: 3 });
});

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with script" : "without script", () => {
    test.use({ javaScriptEnabled });

    test("a wrong code says so, empties the field, and the right code goes on", async ({
      open,
    }) => {
      const wizard = await open();
      await wizard.signIn("user_sms");
      await wizard.expectScreen("one-time-code.heading", codeScreen);
      await wizard.enterCode("654321");
      await wizard.expectScreen("one-time-code.heading", { ...codeScreen, error: true });
      const text = words("one-time-code.wrong", { length: 6 });
      await expect(
        wizard.screen.getByRole("alert").getByRole("link", { name: text }),
      ).toHaveAttribute("href", "#reauth-code");
      await expect(wizard.code).toHaveAttribute("aria-invalid", "true");
      // The hint first, then what is wrong.
      await expect(wizard.code).toHaveAccessibleDescription(
        `${words("one-time-code.sent-by-sms", { destination: "•••• 123" })} ${text}`,
      );
      await expect(wizard.code).toHaveValue("");
      await wizard.enterCode();
      await wizard.expectScreen("authorised.heading", { step: 3 });
    });

    test("a new code can be sent, the screen says so, and a code from before still works", async ({
      open,
    }) => {
      const wizard = await open();
      await wizard.signIn("user_sms");
      await wizard.expectScreen("one-time-code.heading", codeScreen);
      await wizard.sendNewCode();
      await expect(wizard.screen.locator(".notice")).toHaveText(words("notice.sent-again"));
      await wizard.expectScreen("one-time-code.heading", codeScreen);
      await wizard.enterCode();
      await wizard.expectScreen("authorised.heading", { step: 3 });
    });
  });
}

test("after a wrong code a new one can be sent, and the error is gone", async ({ open }) => {
  const wizard = await open();
  await wizard.signIn("user_sms");
  await wizard.enterCode("000000");
  await wizard.expectScreen("one-time-code.heading", { ...codeScreen, error: true });
  await wizard.sendNewCode();
  await wizard.expectScreen("one-time-code.heading", codeScreen);
  await expect(wizard.screen.getByRole("alert")).toHaveCount(0);
});

test("Enter in the field sends the code and asks for no new one", async ({ open }) => {
  const wizard = await open();
  await wizard.signIn("user_sms");
  await wizard.code.fill("123456");
  await wizard.code.press("Enter");
  await wizard.expectScreen("authorised.heading", { step: 3 });
});

test("a wrong answer to a question says so, and the right one goes on", async ({ open }) => {
  const wizard = await open();
  await wizard.signIn("user_two_rounds");
  await wizard.enterCode();
  await wizard.expectScreen("security-questions.heading", { step: 2, values: { count: 1 } });
  await wizard.answerQuestion("mauve");
  await wizard.expectScreen("security-questions.heading", {
    step: 2,
    error: true,
    values: { count: 1 },
  });
  await expect(wizard.screen.getByRole("textbox")).toHaveValue("");
  await wizard.answerQuestion("BLUE ");
  await wizard.expectScreen("authorised.heading", { step: 3 });
});
