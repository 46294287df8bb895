import { backAndForward } from "../support/go-back.ts";
import { expect, test } from "../support/test.ts";
import { words } from "../support/words.ts";

const owner = words("error.service");

test("of two renderings of the first screen one goes on and the other is told that it was started", async ({
  open,
  context,
  watch,
}) => {
  watch.expectStatus(410);
  const one = await open();
  const other = await open({ authorisation: one.authorisation, page: await context.newPage() });
  await one.signIn("user_sms");
  await one.expectScreen("one-time-code.heading", { step: 2, values: { length: 6 } });
  await other.signIn("user_sms");
  await other.expectScreen("error.already-started.heading", { owner });
  await one.enterCode();
  await one.expectScreen("authorised.heading", { step: 3 });
});

test.describe("Back to the first screen after it was answered", () => {
  test("goes forward again, once; then it says that it was started, and Forward finds the journey as it was", async ({
    open,
    page,
    watch,
  }) => {
    watch.expectStatus(410);
    const wizard = await open();
    await wizard.signIn("user_sms");
    await wizard.expectScreen("one-time-code.heading", { step: 2, values: { length: 6 } });
    await backAndForward(wizard);
    await wizard.expectScreen("one-time-code.heading", { step: 2, values: { length: 6 } });
    await page.evaluate(() => history.back());
    await wizard.expectScreen("error.already-started.heading", { owner });
    await page.evaluate(() => history.forward());
    await wizard.expectScreen("one-time-code.heading", { step: 2, values: { length: 6 } });
    await wizard.enterCode();
    await wizard.expectScreen("authorised.heading", { step: 3 });
  });

  test("does so, too, where the address was the source of the frame, and is refused", async ({
    open,
    page,
    watch,
  }) => {
    watch.expectStatus(403);
    const wizard = await open({ embedMode: "frame" });
    await wizard.signIn("user_sms");
    await wizard.expectScreen("one-time-code.heading", { step: 2, values: { length: 6 } });
    await backAndForward(wizard);
    await wizard.expectScreen("one-time-code.heading", { step: 2, values: { length: 6 } });
    await page.evaluate(() => history.back());
    await wizard.expectScreen("error.refused.heading", { owner });
    await page.evaluate(() => history.forward());
    await wizard.expectScreen("one-time-code.heading", { step: 2, values: { length: 6 } });
  });
});

test.describe("an authorisation that was used", () => {
  test("is refused in Sage’s own page, with a text and no link", async ({ open, visit }) => {
    const first = await open();
    await first.signIn("user_good");
    await first.expectScreen("authorised.heading", { step: 3 });
    const again = await visit({ authorisation: first.authorisation });
    await expect(
      again.screen.getByRole("region", { name: words("error.refused.heading") }),
    ).toHaveText(`${words("error.refused.heading")}${words("error.refused.text")}`);
    await expect(again.screen.getByRole("link")).toHaveCount(0);
  });

  test("is refused in a frame of its own", async ({ open, visit, watch }) => {
    watch.expectStatus(403);
    const first = await open({ embedMode: "frame" });
    await first.signIn("user_good");
    await first.expectScreen("authorised.heading", { step: 3 });
    const again = await visit({ authorisation: first.authorisation });
    await again.expectScreen("error.refused.heading", { owner });
  });
});
