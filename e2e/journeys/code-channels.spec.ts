import { expect, test } from "../support/test.ts";
import { type MessageKey, words } from "../support/words.ts";

const channels: {
  userName: string;
  heading: MessageKey;
  length: number;
  right: string;
  hint: string;
  wrong: MessageKey;
  again: boolean;
}[] = [
  {
    userName: "user_email",
    heading: "one-time-code.heading",
    length: 6,
    right: "123456",
    hint: words("one-time-code.sent-by-email", { destination: "a•••@example.com" }),
    wrong: "one-time-code.wrong-email",
    again: true,
  },
  {
    userName: "user_totp",
    heading: "one-time-code.heading",
    length: 6,
    right: "123456",
    hint: words("one-time-code.in-app"),
    wrong: "one-time-code.wrong-app",
    again: false,
  },
  {
    userName: "user_card_reader",
    heading: "one-time-code.heading-card-reader",
    length: 8,
    right: "1234 5678",
    hint: words("one-time-code.in-card-reader"),
    wrong: "one-time-code.wrong-card-reader",
    again: false,
  },
];

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with script" : "without script", () => {
    test.use({ javaScriptEnabled });

    for (const { userName, heading, length, right, hint, wrong, again } of channels) {
      test(`${userName}: the code is asked for where it is to be found, and a wrong one says where to look`, async ({
        open,
      }) => {
        const wizard = await open();
        const screen = { step: 2, values: { length } } as const;
        await wizard.signIn(userName);
        await wizard.expectScreen(heading, screen);
        const field = wizard.field(words("one-time-code.code", { length }));
        await expect(field).toHaveAccessibleDescription(hint);
        await expect(field).toHaveAttribute("autocomplete", "one-time-code");
        await expect(wizard.button("one-time-code.send-again")).toHaveCount(again ? 1 : 0);

        await wizard.continue();
        await wizard.expectScreen(heading, { ...screen, error: true });
        await expect(
          wizard.screen
            .getByRole("alert")
            .getByRole("link", { name: words("one-time-code.missing", { length }) }),
        ).toBeVisible();

        await field.fill("9".repeat(length));
        await wizard.continue();
        await wizard.expectScreen(heading, { ...screen, error: true });
        await expect(
          wizard.screen.getByRole("alert").getByRole("link", { name: words(wrong) }),
        ).toBeVisible();
        await expect(field).toHaveValue("");

        await field.fill(right);
        await wizard.continue();
        await wizard.expectScreen("authorised.heading", { step: 3 });
      });
    }
  });
}

test("the number for the card reader is seen in groups and said digit by digit", async ({
  open,
}) => {
  const wizard = await open();
  await wizard.signIn("user_card_reader");
  await wizard.expectScreen("one-time-code.heading-card-reader", { step: 2 });
  await expect(wizard.screen.getByText("4815 1623", { exact: true })).toBeVisible();
  const tree = await wizard.screen.locator("main").ariaSnapshot();
  expect(tree).toContain("4 8 1 5, 1 6 2 3");
  expect(tree).not.toContain("4815 1623");
});

test("a second new code has to wait, and the screen says how long", async ({ open }) => {
  const wizard = await open();
  await wizard.signIn("user_email");
  await wizard.expectScreen("one-time-code.heading", { step: 2, values: { length: 6 } });
  await wizard.sendNewCode();
  await expect(wizard.screen.locator(".notice")).toHaveText(words("notice.sent-again"));
  await wizard.sendNewCode();
  await expect(wizard.screen.locator(".notice")).toContainText(/Try again in \d+ seconds?\./);
});
