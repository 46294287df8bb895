import { arriveAt } from "../support/stopped-clock.ts";
import { expect, test } from "../support/test.ts";
import type { Wizard } from "../support/wizard.ts";
import { words } from "../support/words.ts";

// Time is played, so that nothing is waited for that must not happen.
test.beforeEach(({ page }) => page.clock.install());

const heading = ({ screen }: Wizard) => screen.getByRole("heading", { level: 1 });
const status = ({ screen }: Wizard) => screen.getByRole("status");

test("the first screen leaves the focus in Sage’s page", async ({ open, page }) => {
  const wizard = await open();
  const link = page.getByRole("link", { name: "Simulator" });
  await link.focus();
  await page.clock.fastForward(10_000);
  await expect(link).toBeFocused();
  expect(
    await (
      await wizard.frame()
    ).evaluate(() => document.hasFocus() || document.activeElement !== document.body),
  ).toBe(false);
  await expect(status(wizard)).toBeEmpty();
});

test("after an answer the focus is on the heading of the next screen", async ({ open, page }) => {
  const wizard = await open();
  await wizard.signIn("user_two_rounds");
  await wizard.expectScreen("one-time-code.heading", { step: 2, values: { length: 6 } });
  await page.clock.fastForward(1000);
  await expect(heading(wizard)).toBeFocused();
  await wizard.enterCode();
  await wizard.expectScreen("security-questions.heading", { step: 2, values: { count: 1 } });
  await page.clock.fastForward(1000);
  await expect(heading(wizard)).toBeFocused();
  await wizard.answerQuestion();
  await wizard.expectScreen("authorised.heading", { step: 3 });
  await page.clock.fastForward(1000);
  await expect(heading(wizard)).toBeFocused();
});

test("the focus waits half a second, or screen readers in the frame say nothing", async ({
  open,
  page,
}) => {
  await page.clock.pauseAt(Date.now() + 60_000);
  const wizard = await open();
  await wizard.signIn("user_sms");
  await arriveAt(wizard, "one-time-code.heading", { step: 2, values: { length: 6 } });
  await page.clock.runFor(400);
  await expect(heading(wizard)).not.toBeFocused();
  await page.clock.runFor(200);
  await expect(heading(wizard)).toBeFocused();
});

test("after a wrong answer the focus is on the error summary, and the error is said once more", async ({
  open,
  page,
}) => {
  const wizard = await open();
  await wizard.signIn("user_sms", "pass_wrong");
  await wizard.expectScreen("credentials.heading", { step: 1, error: true });
  await page.clock.fastForward(1000);
  await expect(wizard.screen.locator(".error-summary")).toBeFocused();
  await expect(status(wizard)).toBeEmpty();
  await page.clock.fastForward(2000);
  await expect(status(wizard)).toContainText(words("credentials.wrong"));
  await expect(wizard.screen.locator(".error-summary")).toBeFocused();
});

test("after an empty form, too, though it is still the first step", async ({ open, page }) => {
  const wizard = await open();
  await wizard.continue();
  await wizard.expectScreen("credentials.heading", { step: 1, error: true });
  await page.clock.fastForward(1000);
  await expect(wizard.screen.locator(".error-summary")).toBeFocused();
});

test("that a new code was sent is said", async ({ open, page }) => {
  const wizard = await open();
  await wizard.signIn("user_sms");
  await wizard.expectScreen("one-time-code.heading", { step: 2, values: { length: 6 } });
  await wizard.sendNewCode();
  await expect(wizard.screen.locator(".notice")).toBeVisible();
  await page.clock.fastForward(3000);
  await expect(status(wizard)).toHaveText(words("notice.sent-again"));
});

test("screens that wait, refuse or end take the focus to their heading", async ({
  open,
  page,
  context,
}) => {
  const journeys: [userName: string, arrived: (wizard: Wizard) => Promise<void>][] = [
    ["user_slow", (wizard) => wizard.expectScreen("working.heading", { step: 1 })],
    ["user_locked", (wizard) => wizard.expectScreen("refused.locked.heading")],
  ];
  for (const [userName, arrived] of journeys) {
    const wizard = await open({ page: await context.newPage() });
    await wizard.signIn(userName);
    await arrived(wizard);
    await wizard.page.clock.fastForward(600);
    await expect(heading(wizard)).toBeFocused();
  }
  const cancelled = await open({ page });
  await cancelled.cancel();
  await cancelled.expectScreen("cancelled.heading");
  await page.clock.fastForward(600);
  await expect(heading(cancelled)).toBeFocused();
});

test("whoever already types is not pulled away", async ({ open, page }) => {
  await page.clock.pauseAt(Date.now() + 60_000);
  const wizard = await open();
  await wizard.signIn("user_sms");
  await arriveAt(wizard, "one-time-code.heading", { step: 2, values: { length: 6 } });
  await wizard.code.focus();
  await page.clock.runFor(5000);
  await expect(wizard.code).toBeFocused();
});

test("the last screen says what happened and what follows in one message, with the time there is", async ({
  open,
  page,
}) => {
  const wizard = await open();
  await wizard.cancel();
  await wizard.expectScreen("cancelled.heading");
  await page.clock.fastForward(1000);
  await expect(heading(wizard)).toBeFocused();
  await expect(heading(wizard)).toHaveAccessibleDescription(
    words("finished.return-soon", { seconds: 10 }),
  );
  await page.clock.runFor(5000);
  await expect(status(wizard)).toBeEmpty();
});

test("telling the screen to stay takes the focus to the heading, and the text says that it stays, in one message", async ({
  open,
  page,
}) => {
  const wizard = await open();
  await wizard.cancel();
  await wizard.expectScreen("cancelled.heading");
  await expect(
    wizard.screen.getByText(words("finished.return-soon", { seconds: 10 })),
  ).toBeVisible();
  await wizard.button("finished.stay").click();
  await expect(heading(wizard)).toBeFocused();
  await expect(heading(wizard)).toHaveAccessibleDescription(words("finished.staying"));
  await page.clock.fastForward(10_000);
  await expect(status(wizard)).toBeEmpty();
  await expect(wizard.screen.getByText(words("finished.staying"))).toBeVisible();
  await expect(wizard.screen.getByText(words("finished.return-soon", { seconds: 10 }))).toHaveCount(
    0,
  );
});
