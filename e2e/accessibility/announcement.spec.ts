import { announcements, hearAnnouncements } from "../support/announcements.ts";
import { arriveAt, bankHasAnswered, tillAsked } from "../support/stopped-clock.ts";
import { expect, test } from "../support/test.ts";
import type { Wizard } from "../support/wizard.ts";
import { words } from "../support/words.ts";

// Time is played, so that nothing is waited for that must not happen.
test.beforeEach(async ({ page, context }) => {
  await hearAnnouncements(context);
  await page.clock.install();
  await page.clock.pauseAt(Date.now() + 60_000);
});

const headingOf = async ({ screen }: Wizard) =>
  (await screen.getByRole("heading", { level: 1 }).textContent()) ?? "";
const said = async (wizard: Wizard) => announcements(await wizard.frame());
const code = ["one-time-code.heading", { step: 2, values: { length: 6 } }] as const;
const longEnough = 9000;

test("the screen after a password says its heading through the status, once, when a browser’s own bubble is over", async ({
  open,
  page,
}) => {
  const wizard = await open();
  await wizard.signIn("user_sms");
  await arriveAt(wizard, ...code);
  await page.clock.runFor(2700);
  expect(await said(wizard)).toEqual([]);
  await page.clock.runFor(200);
  expect(await said(wizard)).toEqual([await headingOf(wizard)]);
  await page.clock.runFor(longEnough);
  expect(await said(wizard)).toHaveLength(1);
});

test("no screen after that one says its heading twice", async ({ open, page }) => {
  const wizard = await open();
  await wizard.signIn("user_two_rounds");
  await arriveAt(wizard, ...code);
  await page.clock.runFor(longEnough);
  await wizard.enterCode();
  await arriveAt(wizard, "security-questions.heading", { step: 2, values: { count: 1 } });
  await page.clock.runFor(longEnough);
  expect(await said(wizard)).toEqual([]);
  await wizard.answerQuestion();
  await arriveAt(wizard, "authorised.heading", { step: 3 });
  await page.clock.runFor(longEnough);
  expect(await said(wizard)).toEqual([]);
});

test("nor does the same screen when it is loaded again, or shown in another language", async ({
  open,
  page,
}) => {
  const wizard = await open({ standalone: true });
  await wizard.signIn("user_sms");
  await arriveAt(wizard, ...code);
  await page.clock.runFor(longEnough);
  await page.reload();
  await arriveAt(wizard, ...code);
  await page.clock.runFor(longEnough);
  expect(await said(wizard)).toEqual([]);
  await wizard.chooseLanguage("de-DE");
  await arriveAt(wizard, ...code);
  await page.clock.runFor(longEnough);
  expect(await said(wizard)).toEqual([]);
});

test("nor does one that follows no password: another language, an empty form, cancelling", async ({
  open,
  page,
}) => {
  const wizard = await open();
  await wizard.fillCredentials("user_sms");
  await wizard.chooseLanguage("de-DE");
  await arriveAt(wizard, "credentials.heading", { step: 1 });
  await page.clock.runFor(longEnough);
  expect(await said(wizard)).toEqual([]);
  await wizard.continue();
  await arriveAt(wizard, "credentials.heading", { step: 1, error: true });
  const heading = await headingOf(wizard);
  await page.clock.runFor(longEnough);
  expect((await said(wizard)).join()).not.toContain(heading);
  await wizard.cancel();
  await arriveAt(wizard, "cancelled.heading");
  await page.clock.runFor(longEnough);
  expect(await said(wizard)).toEqual([]);
});

test("after a wrong password the heading and what is wrong are one message, each time", async ({
  open,
  page,
}) => {
  const wizard = await open();
  for (const user of ["user_sms", "user_good"]) {
    await wizard.signIn(user, "pass_wrong");
    await arriveAt(wizard, "credentials.heading", { step: 1, error: true });
    await page.clock.runFor(longEnough);
    expect(await said(wizard)).toEqual([
      `${await headingOf(wizard)}. ${words("credentials.wrong")}`,
    ]);
  }
});

test("a field of the bank’s own that hides what is typed counts as a password", async ({
  open,
  page,
}) => {
  const wizard = await open();
  await wizard.signIn("user_fields");
  await arriveAt(wizard, "credentials.heading-more", { step: 1 });
  await wizard.screen.getByRole("textbox").first().fill("48151623");
  await wizard.screen.locator("input[type=password]").fill("2468");
  await wizard.continue();
  await arriveAt(wizard, "authorised.heading", { step: 3 });
  await page.clock.runFor(3000);
  expect((await said(wizard)).join()).toContain(await headingOf(wizard));
});

test("a result that follows a password is one message too: what happened, then what follows", async ({
  open,
  page,
}) => {
  const wizard = await open();
  await wizard.signIn("user_good");
  await arriveAt(wizard, "authorised.heading", { step: 3 });
  await page.clock.runFor(5000);
  expect(await said(wizard)).toEqual([
    `${await headingOf(wizard)}. ${words("finished.return-soon", { seconds: 10 })}`,
  ]);
});

test("a wait that follows a password says its heading, and the screen after it does not", async ({
  open,
  page,
}) => {
  const wizard = await open();
  await wizard.signIn("user_slow");
  await wizard.expectScreen("working.heading", { step: 1 });
  await page.clock.runFor(3000);
  expect(await said(wizard)).toEqual([await headingOf(wizard)]);
  await bankHasAnswered(wizard);
  await page.clock.runFor(5500);
  await arriveAt(wizard, "authorised.heading", { step: 3 });
  await page.clock.runFor(3000);
  expect(await said(wizard)).toEqual([]);
});

test("a wait that is over before it said anything leaves it to the next screen", async ({
  open,
  page,
}) => {
  const wizard = await open();
  await wizard.signIn("user_slow");
  await wizard.expectScreen("working.heading", { step: 1 });
  await bankHasAnswered(wizard);
  await page.clock.runFor(tillAsked);
  await arriveAt(wizard, "authorised.heading", { step: 3 });
  await page.clock.runFor(3000);
  expect((await said(wizard)).join()).toContain(await headingOf(wizard));
});

test("the address says that a heading is to be said, and nothing else", async ({ open }) => {
  const wizard = await open({ standalone: true });
  await wizard.signIn("user_sms");
  await arriveAt(wizard, ...code);
  expect(new URL(wizard.page.url()).search).toBe("?announce");
  await wizard.enterCode();
  await arriveAt(wizard, "authorised.heading", { step: 3 });
  expect(new URL(wizard.page.url()).search).toBe("");
});
