import { expect, test } from "../support/test.ts";
import { success, type Wizard } from "../support/wizard.ts";
import { wordsIn } from "../support/words.ts";

/**
 * The problem in a language: half an hour after the first wrong answer, up to the next full minute,
 * less what this test took so far.
 */
const problemsIn = (locale: string, reference: string) =>
  Array.from({ length: 31 }, (_, minutes) =>
    wordsIn(locale)("too-many-tries.problem", { minutes: minutes + 1, reference }),
  );

async function expectProblem(wizard: Wizard, locale: string) {
  const problem = wizard.screen.locator("#reauth-errors li");
  await expect(problem).toHaveCount(1);
  expect(problemsIn(locale, wizard.authorisation.authorisationId)).toContain(
    await problem.textContent(),
  );
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(`${javaScriptEnabled ? "with" : "without"} script`, () => {
    test.use({ javaScriptEnabled });

    test("an account whose tries others used up: the first screen says when to try again, in any language, and the journey goes on then", async ({
      open,
      page,
      database,
    }) => {
      const externalId = crypto.randomUUID();
      for (const tries of [3, 2]) {
        const others = await open({ externalId });
        for (let wrong = 0; wrong < tries; wrong += 1) {
          await others.signIn(`stranger-${wrong}`, "wrong");
          if (tries === 2 && wrong === 1)
            await others.expectScreen("refused.too-many-tries.heading");
          else await others.expectScreen("credentials.heading", { step: 1, error: true });
        }
        await page.goto("about:blank");
      }

      const wizard = await open({ externalId });
      await wizard.signIn("user_good");
      await wizard.expectScreen("credentials.heading", { step: 1, error: true });
      await expectProblem(wizard, "en-GB");
      if (javaScriptEnabled) await expect(wizard.screen.locator("#reauth-errors")).toBeFocused();
      await expect(wizard.password).toHaveValue("");
      expect(await database.stored(wizard.authorisation.authorisationId)).toMatchObject({
        claimed: false,
        sessions: 0,
      });

      await wizard.chooseLanguage("de-DE");
      await wizard.expectScreen("credentials.heading", { step: 1, error: true });
      await expectProblem(wizard, "de-DE");
      await wizard.signIn("user_good");
      await wizard.expectScreen("credentials.heading", { step: 1, error: true });
      await expectProblem(wizard, "de-DE");

      await database.unlock(wizard.authorisation.authorisationId);
      await wizard.signIn("user_good");
      await wizard.expectScreen("authorised.heading", { step: 3 });
      expect(await wizard.patches()).toEqual([success]);
    });
  });
}

test("a limit notice that somebody made up is ignored", async ({ open, page }) => {
  const wizard = await open();
  await wizard.expectScreen("credentials.heading", { step: 1 });
  const form = wizard.screen.locator("form:has(input[name=password])");
  const url = (await form.getAttribute("action")) ?? "";
  for (const notice of ["", "too-many-tries", "a.b.c.d.e", "%00", "x".repeat(2000)]) {
    const answer = await page.request.get(`${url}?limit_notice=${notice}`, {
      headers: { "accept-language": "en-GB" },
    });
    expect(answer.status()).toBe(200);
    expect(await answer.text()).not.toContain("reauth-errors");
  }
});
