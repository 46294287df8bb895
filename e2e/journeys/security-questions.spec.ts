import { expect, test } from "../support/test.ts";
import { words } from "../support/words.ts";

const asked = { step: 2, values: { count: 2 } } as const;
const [car, pet] = ["What colour was your first car?", "What was the name of your first pet?"];

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with script" : "without script", () => {
    test.use({ javaScriptEnabled });

    test("unanswered questions are told apart, wrong answers are not, and none of them is shown again", async ({
      open,
    }) => {
      const wizard = await open();
      await wizard.signIn("user_questions");
      await wizard.expectScreen("security-questions.heading", asked);
      const links = wizard.screen.getByRole("alert").getByRole("link");

      await wizard.continue();
      await wizard.expectScreen("security-questions.heading", { ...asked, error: true });
      await expect(links).toHaveText([
        words("security-questions.missing", { about: car }),
        words("security-questions.missing", { about: pet }),
      ]);
      await links.last().click();
      await expect(wizard.field(pet)).toBeFocused();

      await wizard.field(car).fill("mauve");
      await wizard.field(pet).fill("rover");
      await wizard.continue();
      await wizard.expectScreen("security-questions.heading", { ...asked, error: true });
      await expect(links).toHaveText([words("security-questions.wrong", { count: 2 })]);
      await expect(wizard.field(car)).toHaveValue("");
      await expect(wizard.field(pet)).toHaveValue("");

      await wizard.field(car).fill(" BLUE");
      await wizard.field(pet).fill("Rover ");
      await wizard.continue();
      await wizard.expectScreen("authorised.heading", { step: 3 });
    });
  });
}
