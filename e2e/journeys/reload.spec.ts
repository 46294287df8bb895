import { backAndForward } from "../support/go-back.ts";
import { expect, test } from "../support/test.ts";
import type { Wizard } from "../support/wizard.ts";
import { words } from "../support/words.ts";

const codeScreen = { step: 2, values: { length: 6 } } as const;

/** Reloads the frame, as its context menu does. */
async function reload(wizard: Wizard) {
  const frame = await wizard.frame();
  await Promise.all([
    wizard.page.waitForEvent("framenavigated", (navigated) => navigated === frame),
    frame.evaluate(() => location.reload()),
  ]);
}

for (const embedMode of ["embedded", "frame"] as const) {
  test(`reloading each screen shows it again and changes nothing, opened as ${embedMode}`, async ({
    open,
    page,
    database,
  }) => {
    const posts: string[] = [];
    page.on("request", (request) => request.method() === "POST" && posts.push(request.url()));
    const wizard = await open({ embedMode });
    await reload(wizard);
    await wizard.expectScreen("credentials.heading", { step: 1 });
    await wizard.signIn("user_two_rounds", "pass_wrong");
    await wizard.expectScreen("credentials.heading", { step: 1, error: true });
    await reload(wizard);
    await wizard.expectScreen("credentials.heading", { step: 1, error: true });
    await wizard.signIn("user_two_rounds");
    await wizard.expectScreen("one-time-code.heading", codeScreen);
    await reload(wizard);
    await wizard.expectScreen("one-time-code.heading", codeScreen);
    await wizard.enterCode();
    await wizard.expectScreen("security-questions.heading", { step: 2, values: { count: 1 } });
    await reload(wizard);
    await wizard.expectScreen("security-questions.heading", { step: 2, values: { count: 1 } });
    await wizard.answerQuestion();
    await wizard.expectScreen("authorised.heading", { step: 3 });
    await reload(wizard);
    await wizard.expectScreen("authorised.heading", { step: 3 });
    // Four answers, and no reload sent one of them again.
    expect(posts).toHaveLength(4);
    expect(await wizard.patches()).toHaveLength(1);
    expect(await database.stored(wizard.authorisation.authorisationId)).toMatchObject({
      result: "authorised",
      delivery: "delivered",
    });
  });
}

test("the address of a finished journey shows the same result again, with the way back", async ({
  open,
  context,
  bankingService,
}) => {
  const wizard = await open();
  await wizard.signIn("user_good");
  await wizard.expectScreen("authorised.heading", { step: 3 });
  const url = (await wizard.frame()).url();
  await wizard.goBackToSage();
  await wizard.expectBackInSage({ active: true });

  const page = await context.newPage();
  const answer = await page.goto(url);
  expect(answer?.status()).toBe(200);
  await expect(page.getByRole("heading", { level: 1 })).toContainText(words("authorised.heading"));
  await expect(page.getByRole("link", { name: words("finished.return") })).toHaveAttribute(
    "href",
    /[?&]state=/,
  );
  expect(
    (await bankingService.authorisation(wizard.authorisation.authorisationId)).patches,
  ).toHaveLength(1);
});

test("Back to an earlier step leads to the step that is due, never to an old form", async ({
  open,
  watch,
}) => {
  watch.expectStatus(410);
  const wizard = await open();
  await wizard.signIn("user_two_rounds");
  await wizard.expectScreen("one-time-code.heading", codeScreen);
  await wizard.enterCode("000000");
  await wizard.expectScreen("one-time-code.heading", { ...codeScreen, error: true });
  await wizard.enterCode();
  await wizard.expectScreen("security-questions.heading", { step: 2, values: { count: 1 } });
  await backAndForward(wizard);
  await wizard.expectScreen("security-questions.heading", { step: 2, values: { count: 1 } });
  await wizard.answerQuestion();
  await wizard.expectScreen("authorised.heading", { step: 3 });
});

test("reloading the product page before the start shows the first screen again", async ({
  open,
  page,
}) => {
  const wizard = await open();
  await page.reload();
  await wizard.expectScreen("credentials.heading", { step: 1 });
  await wizard.signIn("user_good");
  await wizard.expectScreen("authorised.heading", { step: 3 });
});
