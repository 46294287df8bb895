import { holdWaitingScreens } from "../support/hold-screen.ts";
import { expect, test } from "../support/test.ts";
import { success, type Wizard } from "../support/wizard.ts";
import { wordsIn } from "../support/words.ts";

const german = wordsIn("de-DE");
const code = { step: 2, values: { length: 6 } } as const;

async function expectLanguage(wizard: Wizard, locale: string) {
  const html = (await wizard.frame()).locator("html");
  await expect(html).toHaveAttribute("lang", locale);
  await expect(html).toHaveAttribute("dir", "ltr");
  await expect(wizard.screen.getByRole("combobox")).toHaveValue(locale);
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(`${javaScriptEnabled ? "with" : "without"} script`, () => {
    test.use({ javaScriptEnabled });

    test("German, chosen in the middle, is spoken to the end, and Sage is told as ever", async ({
      open,
    }) => {
      const wizard = await open();
      await wizard.signIn("user_two_rounds");
      await wizard.expectScreen("one-time-code.heading", code);
      await expectLanguage(wizard, "en-GB");
      await wizard.chooseLanguage("de-DE");
      await wizard.expectScreen("one-time-code.heading", code);
      await expectLanguage(wizard, "de-DE");
      expect(await wizard.patches()).toEqual([]);

      await wizard.enterCode("654321");
      await wizard.expectScreen("one-time-code.heading", { ...code, error: true });
      await expectLanguage(wizard, "de-DE");
      await wizard.enterCode();
      await wizard.expectScreen("security-questions.heading", { step: 2, values: { count: 1 } });
      // The bank's own words stay the bank's, and say so (WCAG 3.1.2).
      await expect(wizard.screen.locator("label span[lang=en-GB]")).toHaveText(/colour/i);
      await wizard.answerQuestion();
      await wizard.expectScreen("authorised.heading", { step: 3 });
      await expectLanguage(wizard, "de-DE");
      expect(await wizard.patches()).toEqual([success]);
      await wizard.goBackToSage();
      await wizard.expectBackInSage({ active: true });
      expect(await wizard.patches()).toEqual([success]);
    });

    for (const standalone of [true, false]) {
      test(`a language chosen on the first screen, ${standalone ? "a page of its own" : "in Sage’s frames"}, survives the start`, async ({
        open,
      }) => {
        const wizard = await open({ standalone });
        await wizard.chooseLanguage("fr-CA");
        await wizard.expectScreen("credentials.heading", { step: 1 });
        await expectLanguage(wizard, "fr-CA");
        await wizard.signIn("user_sms");
        await wizard.expectScreen("one-time-code.heading", code);
        await expectLanguage(wizard, "fr-CA");
        expect((await wizard.frame()).url()).not.toContain("lang=");
        await wizard.chooseLanguage("pt-PT");
        await wizard.expectScreen("one-time-code.heading", code);
        await wizard.cancel();
        await wizard.expectScreen("cancelled.heading");
        await expectLanguage(wizard, "pt-PT");
      });
    }

    test("the language can be changed where something is wrong, while the bank is busy, and after the end", async ({
      open,
      context,
    }) => {
      // So that the screen that waits is not left in the middle of choosing.
      await holdWaitingScreens(context);
      const wizard = await open();
      await wizard.signIn("user_sms", "pass_wrong");
      await wizard.expectScreen("credentials.heading", { step: 1, error: true });
      const url = (await wizard.frame()).url().replace(/\?.*/, "");
      await wizard.fillCredentials("user_slow", "not to be kept");
      await wizard.chooseLanguage("es-ES");
      await wizard.expectScreen("credentials.heading", { step: 1, error: true });
      // What was typed is there again, but for the secret, and the address tells nothing of it.
      await expect(wizard.screen.locator("input[name=username]")).toHaveValue("user_slow");
      await expect(wizard.password).toHaveValue("");
      expect((await wizard.frame()).url()).toBe(url);
      await wizard.signIn("user_slow");
      await wizard.expectScreen("working.heading", { step: 1 });
      await wizard.chooseLanguage("fr-FR");
      await context.unrouteAll({ behavior: "wait" });
      await wizard.expectScreen("authorised.heading", { step: 3 });
      await wizard.chooseLanguage("en-US");
      await wizard.expectScreen("authorised.heading", { step: 3 });
      await expectLanguage(wizard, "en-US");
      expect(await wizard.patches()).toEqual([success]);
    });
  });
}

test("the language of the browser is the first one", async ({ browser, create }) => {
  for (const [locale, spoken] of [
    ["fr-CA", "fr-CA"],
    ["pt-BR", "pt-PT"],
    ["ja", "en-GB"],
  ] as const) {
    const context = await browser.newContext({ locale });
    const page = await context.newPage();
    await page.goto((await create()).authrefreshUrl);
    await expect(page.locator("html")).toHaveAttribute("lang", spoken);
    await context.close();
  }
});

test("the choice is made by keyboard: the last stops of every screen are the languages and the button", async ({
  open,
  page,
}) => {
  const wizard = await open({ standalone: true });
  await wizard.screen.getByRole("combobox").focus();
  await page.keyboard.type("Deutsch");
  await page.keyboard.press("Tab");
  await expect(wizard.button("language.change")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(wizard.screen.getByRole("heading", { level: 1 })).toHaveText(
    german("page.step-heading", { step: 1, heading: german("credentials.heading") }),
  );
});

test("Back and reload after a change show the step that is due", async ({ open, page }) => {
  const wizard = await open({ standalone: true });
  await wizard.signIn("user_sms");
  await wizard.expectScreen("one-time-code.heading", code);
  await wizard.chooseLanguage("de-DE");
  await wizard.expectScreen("one-time-code.heading", code);
  await page.reload();
  await wizard.expectScreen("one-time-code.heading", code);
  await page.goBack();
  await wizard.expectScreen("one-time-code.heading", code);
  await wizard.enterCode();
  await wizard.expectScreen("authorised.heading", { step: 3 });
});

test.describe("the focus", () => {
  test("is on the heading after a change, as after any answer", async ({ open, page }) => {
    await page.clock.install();
    const wizard = await open();
    const heading = wizard.screen.getByRole("heading", { level: 1 });
    await wizard.chooseLanguage("de-DE");
    await wizard.expectScreen("credentials.heading", { step: 1 });
    await page.clock.fastForward(1000);
    await expect(heading).toBeFocused();
    await wizard.signIn("user_sms");
    await wizard.expectScreen("one-time-code.heading", code);
    await wizard.chooseLanguage("fr-FR");
    await wizard.expectScreen("one-time-code.heading", code);
    await page.clock.fastForward(1000);
    await expect(heading).toBeFocused();
  });

  test("is on what is wrong, where something is", async ({ open, page }) => {
    await page.clock.install();
    const wizard = await open();
    await wizard.signIn("user_sms", "pass_wrong");
    await wizard.expectScreen("credentials.heading", { step: 1, error: true });
    await wizard.chooseLanguage("de-DE");
    await wizard.expectScreen("credentials.heading", { step: 1, error: true });
    await page.clock.fastForward(1000);
    await expect(wizard.screen.locator(".error-summary")).toBeFocused();
    await page.clock.fastForward(3000);
    await expect(wizard.screen.getByRole("status")).toHaveText(german("credentials.wrong"));
  });
});

test.describe("the last screen", () => {
  test.use({ leavesByItself: true });

  test("stays while somebody chooses its language, and after that", async ({ open, page }) => {
    await page.clock.install();
    const wizard = await open();
    await wizard.signIn("user_good");
    await wizard.expectScreen("authorised.heading", { step: 3 });
    await wizard.chooseLanguage("de-DE");
    await wizard.expectScreen("authorised.heading", { step: 3 });
    await expect(wizard.screen.getByText(german("finished.staying"))).toBeVisible();
    // Something focusable stands before the heading, or screen readers in the frame say nothing.
    await expect(wizard.screen.locator("main > :first-child")).toHaveText(
      german("finished.return"),
    );
    await page.clock.fastForward("10:00");
    await wizard.expectScreen("authorised.heading", { step: 3 });
    expect((await wizard.report()).arrivals).toEqual([]);
    await wizard.press(wizard.screen.locator("#reauth-return"));
    await wizard.expectBackInSage({ active: true });
  });

  test("that was told to stay does so in the next language, too", async ({ open, page }) => {
    await page.clock.install();
    const wizard = await open();
    await wizard.cancel();
    await wizard.expectScreen("cancelled.heading");
    await wizard.button("finished.stay").click();
    await wizard.press(wizard.button("language.change"));
    await wizard.expectScreen("cancelled.heading");
    await page.clock.fastForward("10:00");
    await wizard.expectScreen("cancelled.heading");
    expect((await wizard.report()).arrivals).toEqual([]);
  });
});
