import { expect, test } from "../support/test.ts";
import { words } from "../support/words.ts";

test("a first screen whose time ran out says that it can no longer be used", async ({
  open,
  database,
  watch,
}) => {
  watch.expectStatus(410);
  const wizard = await open();
  await database.expire(wizard.authorisation.authorisationId);
  await wizard.signIn("user_good");
  await wizard.expectScreen("error.gone.heading", { owner: words("error.service") });
  expect(await wizard.patches()).toEqual([]);
  expect(await database.stored(wizard.authorisation.authorisationId)).toMatchObject({
    claimed: false,
    sessions: 0,
  });
});

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with script" : "without script", () => {
    test.use({ javaScriptEnabled });

    test("a journey whose time runs out half-way says so, tells Sage nothing and leads back", async ({
      open,
      database,
      watch,
    }) => {
      watch.expectStatus(410);
      const wizard = await open();
      await wizard.signIn("user_sms");
      await wizard.expectScreen("one-time-code.heading", { step: 2, values: { length: 6 } });
      await database.expire(wizard.authorisation.authorisationId);
      await wizard.enterCode();
      await wizard.expectScreen("expired.heading");
      await wizard.goBackToSage();
      await wizard.expectBackInSage({ active: false });
      expect(await wizard.patches()).toEqual([]);
      expect(await database.stored(wizard.authorisation.authorisationId)).toMatchObject({
        result: "expired",
        delivery: "not_required",
      });
    });
  });
}

test("a screen that waits for the bank moves on by itself when the time runs out", async ({
  open,
  database,
  watch,
}) => {
  watch.expectStatus(410);
  const wizard = await open();
  await wizard.signIn("user_slow");
  await wizard.expectScreen("working.heading", { step: 1 });
  await database.expire(wizard.authorisation.authorisationId);
  await wizard.expectScreen("expired.heading");
  expect(await wizard.patches()).toEqual([]);
});

test("the first screen tells how long there is", async ({ open }) => {
  const wizard = await open();
  // 19 minutes from the notification, which was a moment ago.
  await expect(wizard.screen.getByText(words("page.time-limit", { minutes: 19 }))).toBeVisible();
});
