import { announcements, hearAnnouncements } from "../support/announcements.ts";
import { expect, test } from "../support/test.ts";
import { words } from "../support/words.ts";
import type { Wizard } from "../support/wizard.ts";

const five = words("time.left", { minutes: 5 });
const one = words("time.left", { minutes: 1 });
const code = { step: 2, values: { length: 6 } } as const;
const status = "**/authrefresh/*/status?time";
const minutes = (count: number) => count * 60_000;

/** Where time is told. */
const told = (wizard: Wizard) => wizard.screen.locator("#reauth-time");

/** Seen again, after a look at another tab or a sleep. */
const seeAgain = async (wizard: Wizard) =>
  (await wizard.frame()).evaluate(() => document.dispatchEvent(new Event("visibilitychange")));

test.describe("with script", () => {
  // Its timers run as they are: the browser's clock is the test's.
  test.use({ leavesByItself: true });

  test.beforeEach(async ({ page, context }) => {
    // The test's clock has no navigation entries, which tell a reload from a visit.
    await context.addInitScript(() =>
      Object.assign(window, { entries: performance.getEntriesByType.bind(performance) }),
    );
    await page.clock.install();
    await context.addInitScript(() =>
      Object.assign(performance, {
        getEntriesByType: (window as unknown as { entries: Performance["getEntriesByType"] })
          .entries,
      }),
    );
    await hearAnnouncements(context);
  });

  test("little time is told at 5 minutes and at 1, once each, and the end is shown when it has come", async ({
    open,
    page,
    database,
    watch,
  }) => {
    watch.expectStatus(410);
    const wizard = await open();
    const { authorisationId } = wizard.authorisation;
    await wizard.signIn("user_sms");
    await wizard.expectScreen("one-time-code.heading", code);
    await expect(told(wizard)).toBeHidden();

    await database.leave(authorisationId, 290);
    await page.clock.fastForward(minutes(15));
    await expect(told(wizard)).toHaveText(five);
    await expect(told(wizard)).toBeVisible();
    const heading = await wizard.screen.getByRole("heading", { level: 1 }).textContent();
    await expect.poll(async () => announcements(await wizard.frame())).toEqual([heading, five]);
    await expect(wizard.code, "nothing is taken from whoever types").toBeEnabled();

    await database.leave(authorisationId, 200);
    await seeAgain(wizard);
    await page.clock.fastForward(minutes(1));
    await expect(told(wizard)).toHaveText(five);

    await database.leave(authorisationId, 50);
    await page.clock.fastForward(minutes(3));
    await expect(told(wizard)).toHaveText(one);
    await page.clock.fastForward(minutes(0.5));
    await expect
      .poll(async () => announcements(await wizard.frame()))
      .toEqual([heading, five, one]);

    await database.expire(authorisationId);
    await page.clock.fastForward(minutes(1));
    await wizard.expectScreen("expired.heading");
  });

  test("it is the server’s clock that counts: one that is put forward is not believed", async ({
    open,
    page,
    database,
  }) => {
    const wizard = await open();
    await wizard.signIn("user_sms");
    await wizard.expectScreen("one-time-code.heading", code);
    const asked = page.waitForResponse(status);
    await page.clock.fastForward(minutes(30));
    expect(await (await asked).json()).toMatchObject({ seconds_left: expect.any(Number) });
    await expect(told(wizard)).toBeHidden();
    await wizard.expectScreen("one-time-code.heading", code);
    // And believed again as soon as the server says the same.
    await database.leave(wizard.authorisation.authorisationId, 250);
    await page.clock.fastForward(minutes(15));
    await expect(told(wizard)).toHaveText(five);
  });

  test("a machine that slept is told the truth when it wakes up, and only that", async ({
    open,
    page,
    database,
  }) => {
    const wizard = await open();
    await wizard.signIn("user_sms");
    await wizard.expectScreen("one-time-code.heading", code);
    await database.leave(wizard.authorisation.authorisationId, 45);
    await seeAgain(wizard);
    await expect(told(wizard)).toHaveText(one);
    const heading = await wizard.screen.getByRole("heading", { level: 1 }).textContent();
    await page.clock.runFor(20_000);
    await expect.poll(async () => announcements(await wizard.frame())).toEqual([heading, one]);
  });

  test("a machine that slept for too long finds out when it wakes up", async ({
    open,
    database,
    watch,
  }) => {
    watch.expectStatus(410);
    const wizard = await open();
    await wizard.signIn("user_sms");
    await wizard.expectScreen("one-time-code.heading", code);
    await database.expire(wizard.authorisation.authorisationId);
    await seeAgain(wizard);
    await wizard.expectScreen("expired.heading");
  });

  test("the first screen warns, too, and is no longer shown when its time is over", async ({
    open,
    page,
    database,
    watch,
  }) => {
    watch.expectStatus(404, 410);
    const wizard = await open();
    await expect(told(wizard)).toHaveText(words("page.time-limit", { minutes: 19 }));
    await database.leave(wizard.authorisation.authorisationId, 290);
    await page.clock.fastForward(minutes(15));
    await expect(told(wizard)).toHaveText(five);
    await database.expire(wizard.authorisation.authorisationId);
    await page.clock.fastForward(minutes(5));
    await wizard.expectScreen("error.gone.heading", { owner: words("error.service") });
  });

  test("while the server does not answer, the browser’s own clock has to do", async ({
    open,
    page,
    watch,
  }) => {
    watch.expectStatus(503);
    const wizard = await open();
    await wizard.signIn("user_sms");
    await wizard.expectScreen("one-time-code.heading", code);
    await page.route(status, (route) => route.fulfill({ status: 503 }));
    await page.clock.fastForward(minutes(15));
    await expect(told(wizard)).toHaveText(five);
    const again = page.waitForResponse(status);
    await page.clock.fastForward(minutes(10));
    await again;
    // Nothing says that it is over but the server.
    await wizard.expectScreen("one-time-code.heading", code);
  });

  test("a screen that is loaded again shows what is left and does not say it again", async ({
    open,
    page,
    database,
  }) => {
    const wizard = await open({ standalone: true });
    await wizard.signIn("user_sms");
    await wizard.expectScreen("one-time-code.heading", code);
    await database.leave(wizard.authorisation.authorisationId, 299);
    await page.reload();
    await expect(told(wizard)).toHaveText(five);
    await page.clock.fastForward(20_000);
    await expect(wizard.screen.getByRole("heading", { level: 1 })).toBeFocused();
    expect(await announcements(page.mainFrame())).toEqual([]);
  });

  test("a phase that began between two screens is said on the second", async ({
    open,
    page,
    database,
  }) => {
    const wizard = await open({ standalone: true });
    await wizard.signIn("user_sms");
    await wizard.expectScreen("one-time-code.heading", code);
    // As it is once its heading was said.
    const url = page.url().replace(/\?.*/, "");
    await expect(async () => {
      await page.goto("about:blank");
      await database.leave(wizard.authorisation.authorisationId, 299);
      await page.goto(url);
      // A busy machine may take longer than the phase is young.
      expect(Number(await told(wizard).getAttribute("data-seconds-left"))).toBeGreaterThan(287);
    }).toPass();
    await page.clock.fastForward(10_000);
    await expect.poll(() => announcements(page.mainFrame())).toEqual([five]);
  });

  test("an answer on its way is not cut off by the end of the time", async ({
    open,
    page,
    database,
    watch,
  }) => {
    watch.expectStatus(410);
    watch.expectToStay();
    const wizard = await open({ standalone: true });
    await wizard.signIn("user_sms");
    await wizard.expectScreen("one-time-code.heading", code);
    // Answered with nothing, a form is on its way for as long as the test likes.
    const url = page.url().replace(/\?.*/, "");
    await page.route(url, (route) => route.fulfill({ status: 204 }));
    await wizard.enterCode();
    await database.expire(wizard.authorisation.authorisationId);
    const asked = page.waitForResponse(status);
    await page.clock.fastForward(minutes(20));
    expect(await (await asked).json()).not.toHaveProperty("seconds_left");
    await wizard.expectScreen("one-time-code.heading", code);
    await page.unroute(url);
    await wizard.continue();
    await wizard.expectScreen("expired.heading");
  });

  test("a screen that was left behind in another tab says so when it is seen again", async ({
    open,
    page,
    context,
    watch,
  }) => {
    watch.expectStatus(410);
    const wizard = await open({ standalone: true });
    await wizard.signIn("user_sms");
    await wizard.expectScreen("one-time-code.heading", code);
    const other = await context.newPage();
    await other.goto(page.url());
    await other.getByRole("textbox").fill("123456");
    await other.getByRole("button", { name: words("page.continue") }).click();
    await other.getByRole("heading", { name: words("authorised.heading") }).waitFor();
    await seeAgain(wizard);
    await wizard.expectScreen("error.over.heading", { owner: words("error.service") });
  });
});

test.describe("without script", () => {
  test.use({ javaScriptEnabled: false });

  test("every screen says how little is left when it comes", async ({ open, page, database }) => {
    const wizard = await open({ standalone: true });
    const { authorisationId } = wizard.authorisation;
    await wizard.signIn("user_sms");
    await wizard.expectScreen("one-time-code.heading", code);
    await expect(wizard.screen.getByText(five)).toHaveCount(0);
    await database.leave(authorisationId, 250);
    await page.reload();
    await expect(wizard.screen.getByText(five)).toBeVisible();
    await database.leave(authorisationId, 55);
    await wizard.sendNewCode();
    await expect(wizard.screen.getByText(one)).toBeVisible();
  });
});
