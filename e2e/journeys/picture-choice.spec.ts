import { expect, test } from "../support/test.ts";
import { words } from "../support/words.ts";

const choose = ["picture-choice.heading", { step: 2 }] as const;
const chooseAgain = ["picture-choice.heading", { step: 2, error: true }] as const;

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with script" : "without script", () => {
    test.use({ javaScriptEnabled });

    test("the picture once chosen goes on, and is found by its words alone", async ({ open }) => {
      const wizard = await open();
      await wizard.signIn("user_image");
      await wizard.expectScreen(...choose);
      const group = wizard.screen.getByRole("radiogroup", {
        name: words("picture-choice.choices"),
      });
      await expect(group.getByRole("radio")).toHaveCount(4);
      await expect(group.getByRole("radio", { checked: true })).toHaveCount(0);
      // The words stand beside the pictures, which would otherwise say them again.
      await expect(wizard.screen.getByRole("img")).toHaveCount(0);
      await expect
        .poll(() =>
          group
            .locator("img")
            .evaluateAll((images) =>
              images.every((image) => (image as HTMLImageElement).naturalWidth > 0),
            ),
        )
        .toBe(true);
      await group.getByRole("radio", { name: "Lighthouse", exact: true }).check();
      await wizard.continue();
      await wizard.expectScreen("authorised.heading", { step: 3 });
    });

    test("no picture, and then another one than the right one, say so, with nothing chosen beforehand", async ({
      open,
    }) => {
      const wizard = await open();
      await wizard.signIn("user_image");
      await wizard.expectScreen(...choose);
      await wizard.continue();
      await wizard.expectScreen(...chooseAgain);
      const alert = wizard.screen.getByRole("alert");
      await alert.getByRole("link", { name: words("picture-choice.missing") }).click();
      await expect(wizard.screen.getByRole("radio").first()).toBeFocused();
      await wizard.screen.getByText("Boat", { exact: true }).click();
      await expect(wizard.screen.getByRole("radio", { name: "Boat" })).toBeChecked();
      await wizard.continue();
      await wizard.expectScreen(...chooseAgain);
      await expect(
        alert.getByRole("link", { name: words("picture-choice.wrong") }),
      ).toHaveAttribute("href", "#reauth-choice");
      await expect(wizard.screen.getByRole("radio", { checked: true })).toHaveCount(0);
      await wizard.screen.getByRole("radio", { name: "Lighthouse" }).check();
      await wizard.continue();
      await wizard.expectScreen("authorised.heading", { step: 3 });
    });
  });
}

test("a picture is chosen by the keyboard", async ({ open, page }) => {
  const wizard = await open();
  await wizard.signIn("user_image");
  await wizard.expectScreen(...choose);
  await wizard.screen.getByRole("radio").first().focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await expect(wizard.screen.getByRole("radio", { name: "Lighthouse" })).toBeChecked();
  await page.keyboard.press("Enter");
  await wizard.expectScreen("authorised.heading", { step: 3 });
});
