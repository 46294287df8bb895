import { expect, test } from "../support/test.ts";
import type { Wizard } from "../support/wizard.ts";
import { words } from "../support/words.ts";

const asked = { step: 2, values: { count: 3 } } as const;
const character = (wizard: Wizard, position: number) =>
  wizard.field(words("memorable-characters.character-of", { position, length: 9 }));

async function fill(wizard: Wizard, typed: string) {
  for (const [index, position] of [2, 5, 7].entries())
    await character(wizard, position).fill(typed[index] ?? "");
  await wizard.continue();
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with script" : "without script", () => {
    test.use({ javaScriptEnabled });

    test("three characters are asked for in one group, missing and wrong ones are said, and the right ones go on", async ({
      open,
    }) => {
      const wizard = await open();
      await wizard.signIn("user_memorable");
      await wizard.expectScreen("memorable-characters.heading", asked);
      const group = wizard.screen.getByRole("group", {
        name: words("memorable-characters.legend"),
      });
      await expect(group.getByRole("textbox")).toHaveCount(3);

      await fill(wizard, "ap");
      await wizard.expectScreen("memorable-characters.heading", { ...asked, error: true });
      const missing = words("memorable-characters.missing", { position: 7 });
      await expect(wizard.screen.getByRole("alert").getByRole("link")).toHaveText([missing]);
      await expect(character(wizard, 7)).toHaveAccessibleDescription(missing);
      await expect(character(wizard, 2)).toHaveValue("");

      await fill(wizard, "xyz");
      await wizard.expectScreen("memorable-characters.heading", { ...asked, error: true });
      await expect(
        wizard.screen
          .getByRole("alert")
          .getByRole("link", { name: words("memorable-characters.wrong", { count: 3 }) }),
      ).toHaveAttribute("href", "#reauth-character-2");

      await fill(wizard, "aPp");
      await wizard.expectScreen("authorised.heading", { step: 3 });
    });

    test("they can be typed in one field, which stays open after a mistake", async ({ open }) => {
      const wizard = await open();
      await wizard.signIn("user_memorable");
      await wizard.expectScreen("memorable-characters.heading", asked);
      const together = wizard.field(words("memorable-characters.together", { count: 3 }));
      await expect(together).toBeHidden();
      await wizard.screen.getByText(words("memorable-characters.in-one-field")).click();
      await expect(together).toHaveAccessibleDescription(
        words("memorable-characters.together-hint", { order: "2nd, 5th and 7th" }),
      );
      await together.fill("sandpiper");
      await wizard.continue();
      await wizard.expectScreen("memorable-characters.heading", { ...asked, error: true });
      await expect(
        wizard.screen
          .getByRole("alert")
          .getByRole("link", { name: words("memorable-characters.together-wrong", { count: 3 }) }),
      ).toHaveAttribute("href", "#reauth-together");
      await expect(together).toHaveValue("");
      await together.fill("a p p");
      await wizard.continue();
      await wizard.expectScreen("authorised.heading", { step: 3 });
    });
  });
}

test("the focus stays where it is while somebody types", async ({ open, page }) => {
  const wizard = await open();
  await wizard.signIn("user_memorable");
  await wizard.expectScreen("memorable-characters.heading", asked);
  await character(wizard, 2).focus();
  await page.keyboard.type("a");
  await expect(character(wizard, 2)).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(character(wizard, 5)).toBeFocused();
});

test("another way is named before the characters, and asks for no memory", async ({ open }) => {
  const wizard = await open();
  await wizard.signIn("user_memorable");
  await wizard.expectScreen("memorable-characters.heading", asked);
  await expect(
    wizard.screen.getByText(
      words("memorable-characters.other-way", { way: words("page.other-way") }),
    ),
  ).toBeVisible();
  await wizard.press(wizard.button("page.other-way"));
  await wizard.expectScreen("approval.heading", { step: 2 });
  await wizard.expectScreen("authorised.heading", { step: 3 });
});

test("the last try is announced, and after it the bank locks", async ({ open }) => {
  const wizard = await open();
  await wizard.signIn("user_memorable");
  for (let tries = 0; tries < 4; tries += 1) {
    await fill(wizard, "xyz");
    await wizard.expectScreen("memorable-characters.heading", { ...asked, error: true });
  }
  await expect(wizard.screen.getByRole("alert")).toContainText(
    words("page.tries-left", { count: 1 }),
  );
  await fill(wizard, "xyz");
  await wizard.expectScreen("refused.locked.heading");
});
