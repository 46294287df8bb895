import { weakTexts } from "../support/contrast.ts";
import { layoutProblems } from "../support/layout.ts";
import { expect, test } from "../support/test.ts";
import { bank, words } from "../support/words.ts";

const gallery = [
  "one-time-code.by-text-message.last-try",
  "approval.with-a-number-to-match.empty",
  "finished.refused-locked-try-again-in-five-hours",
  "errors.gone",
];

for (const name of gallery) {
  test(`on paper ${name} says what it says on the screen, dark on white, and has nothing to press`, async ({
    page,
    connector,
    watch,
  }) => {
    watch.expectPath(`/gallery/${name}`);
    watch.expectPath(`/gallery/${name}/status`);
    await page.goto(`${connector.connectorUrl}/gallery/${name}`);
    const texts = page.locator(
      "h1, main p:not(:empty), .steps li, .error-summary li, label:not(.language label)",
    );
    const shown = (await texts.allInnerTexts()).map((text) => text.trim()).filter(Boolean);
    expect(shown.length).toBeGreaterThan(1);
    // A person who likes the dark prints on white paper all the same.
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(
      "rgb(255, 255, 255)",
    );
    for (const text of shown.filter((line) => line !== words("finished.return")))
      await expect(page.getByText(text).first()).toBeVisible();
    for (const control of await page
      .locator("button, a.primary, select, input:not([type=radio], [type=checkbox])")
      .all())
      await expect(control).toBeHidden();
    expect(await weakTexts(page.mainFrame())).toEqual([]);
    expect(await layoutProblems(page.mainFrame(), "as it is")).toEqual([]);
  });
}

test("what somebody typed is not on paper", async ({ open, page }) => {
  const wizard = await open({ standalone: true });
  await wizard.fillCredentials("user_sms");
  await page.emulateMedia({ media: "print" });
  await expect(wizard.field(words("credentials.username"))).toBeHidden();
  await expect(wizard.screen.getByText(words("credentials.whose-page", { bank }))).toBeVisible();
});
