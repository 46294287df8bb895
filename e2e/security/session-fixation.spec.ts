import type { Page } from "playwright/test";
import { endings } from "../../lib/journey/endings.ts";
import { navigation, rawRequest } from "../support/raw-request.ts";
import {
  credentials,
  firstScreen,
  follow,
  formOf,
  headingOf,
  postForm,
  start,
} from "../support/raw-journey.ts";
import { backAndForward } from "../support/go-back.ts";
import { expect, test } from "../support/test.ts";
import { words } from "../support/words.ts";

/** Where the screen is, without the mark for its script. */
const urlOf = (page: Page) => page.url().replace(/\?.*/, "");
const answered = words(endings["error.already-answered"].title);

test("who sent somebody the address of a session sees nothing once they have signed in there, and may answer nothing", async ({
  create,
}) => {
  const { authrefreshUrl } = await create();
  // The attacker's own journey; an empty form yields the session's address without a word to the
  // bank.
  const known = await follow(
    await postForm(formOf(await firstScreen(authrefreshUrl)), credentials("", "")),
  );
  const { url, token } = formOf(known);
  const look = () => rawRequest(url, { headers: navigation });
  const held = formOf(await look());

  // The victim opens it and signs in.
  const victims = await follow(await postForm(formOf(await look()), credentials("user_sms")));
  expect(victims.status).toBe(200);
  expect(victims.body).toContain("one-time-code");
  expect(formOf(victims).url).not.toBe(url);

  const old = await look();
  expect(old.status).toBe(410);
  expect(headingOf(old)).toBe(answered);
  for (const word of ["Northwind", "one-time-code", "••••", "form_token", "redirect.localhost"])
    expect(old.body, word).not.toContain(word);
  expect(old.body).not.toContain(formOf(victims).url);
  expect(JSON.parse((await rawRequest(`${url}/status`)).body)).toEqual({
    version: "already-answered",
  });
  expect((await rawRequest(`${url}/bank`, { headers: navigation })).status).toBe(410);
  for (const known of [token, held.token]) {
    for (const fields of [
      { code: "123456" },
      { ...credentials("user_good") },
      { action: "cancel" },
      { action: "language", lang: "de-DE" },
    ]) {
      const posted = await postForm({ url, token: known }, fields);
      expect(posted.status).toBe(410);
      expect(headingOf(posted)).toBe(answered);
    }
  }
  // The victim goes on as if nobody were there.
  const last = await follow(await postForm(formOf(victims), { code: "123456" }));
  expect(headingOf(last)).toContain(words("authorised.heading"));
});

test.describe("Back to a screen that was answered", () => {
  const code = { step: 2, values: { length: 6 } } as const;
  for (const embedMode of ["embedded", "frame"] as const) {
    test(`goes forward again to the one that is due, once, and then says in words what to do, opened as ${embedMode}`, async ({
      open,
      page,
      watch,
    }) => {
      watch.expectStatus(410);
      const wizard = await open({ embedMode });
      await wizard.signIn("user_two_rounds");
      await wizard.expectScreen("one-time-code.heading", code);
      await wizard.enterCode();
      await wizard.expectScreen("security-questions.heading", { step: 2, values: { count: 1 } });
      await backAndForward(wizard);
      await wizard.expectScreen("security-questions.heading", { step: 2, values: { count: 1 } });
      // Back once more is not taken away from anybody.
      await page.evaluate(() => history.back());
      await expect(wizard.screen.getByRole("heading", { level: 1 })).toHaveText(answered);
      await expect(
        wizard.screen.getByText(words(endings["error.already-answered"].text)),
      ).toBeVisible();
      await page.evaluate(() => history.forward());
      await wizard.expectScreen("security-questions.heading", { step: 2, values: { count: 1 } });
      await wizard.answerQuestion();
      await wizard.expectScreen("authorised.heading", { step: 3 });
    });
  }

  for (const standalone of [false, true]) {
    test(`from another page goes nowhere, ${standalone ? "in a window of its own" : "and takes Sage’s page nowhere"}`, async ({
      visit,
      create,
      page,
      watch,
      connector,
      context,
    }) => {
      watch.expectStatus(403);
      watch.expectToStay();
      // Counted instead of gone, since nothing says when a page that is to stay has stayed.
      await context.addInitScript(() => {
        const forwards: string[] = [];
        Object.assign(window, { forwards });
        history.forward = () => void forwards.push(location.href);
      });
      // Answered somewhere else: what comes next here is only where the person comes back from.
      const authorisation = await create({ embedMode: "frame" });
      await start(authorisation.authrefreshUrl, "user_sms");
      const wizard = await visit({ authorisation, standalone });
      await page.goto(`${connector.bankingServiceUrl}/?elsewhere`);
      await page.goBack();
      await expect(wizard.screen.getByRole("heading", { level: 1 })).toHaveText(
        words(endings["error.refused"].title),
      );
      // A module runs before its document has loaded.
      await expect
        .poll(async () => (await wizard.frame()).evaluate(() => document.readyState))
        .toBe("complete");
      expect(
        await (
          await wizard.frame()
        ).evaluate(() => (window as unknown as { forwards: string[] }).forwards),
      ).toEqual([]);
    });
  }

  test("without script says where to carry on, and Forward does", async ({
    browser,
    create,
    connector,
  }) => {
    const context = await browser.newContext({ javaScriptEnabled: false, locale: "en-GB" });
    const page = await context.newPage();
    await page.goto(formOf(await firstScreen((await create()).authrefreshUrl)).url);
    await page.getByLabel(words("credentials.username"), { exact: true }).fill("user_sms");
    await page.locator("input[name=password]").fill("pass_good");
    await page.getByRole("button", { name: words("page.continue") }).click();
    await expect(page.getByRole("heading", { level: 1 })).toContainText(
      words("one-time-code.heading", { length: 6 }),
    );
    await page.goBack();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(
      words(endings["error.already-started"].title),
    );
    expect(page.url()).toContain(connector.connectorUrl);
    await page.goForward();
    await expect(page.getByRole("heading", { level: 1 })).toContainText(
      words("one-time-code.heading", { length: 6 }),
    );
    await context.close();
  });
});

test("an answer whose reply is lost is healed by posting the same form again, and loading its address again says what to do", async ({
  open,
  page,
  watch,
  context,
}) => {
  watch.expectStatus(410);
  watch.expectToStay();
  const wizard = await open({ standalone: true });
  await wizard.signIn("user_two_rounds");
  await wizard.expectScreen("one-time-code.heading", { step: 2, values: { length: 6 } });
  const { url, token } = formOf({ body: await page.content(), status: 200, headers: {} });
  // The connector takes the answer, and the browser never hears of it.
  await context.route(url, async (route) => {
    if (route.request().method() !== "POST") return route.fallback();
    await route.fetch({ maxRedirects: 0 });
    await route.fulfill({ status: 204, body: "" });
  });
  await wizard.code.fill("123456");
  await wizard.button("page.continue").click();
  await expect.poll(async () => (await rawRequest(url, { headers: navigation })).status).toBe(410);
  await context.unroute(url);
  // The script took nobody away, though the address is an old one by now; the form is still there,
  // and so is the way on.
  expect(urlOf(page)).toBe(url);
  const again = await postForm({ url, token }, { code: "123456" });
  expect(again.status).toBe(303);
  expect(headingOf(await follow(again))).toContain(
    words("security-questions.heading", { count: 1 }),
  );
  // Whoever only loads the address again is told.
  await page.reload();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(answered);
});

test("a form that is on its way for long is not overtaken by the script, which asks for nothing meanwhile", async ({
  open,
  page,
  watch,
  context,
}) => {
  watch.expectToStay();
  await page.clock.install();
  const wizard = await open({ standalone: true });
  await wizard.signIn("user_push");
  await wizard.expectScreen("approval.heading", { step: 2 });
  // Answered with nothing, a form is on its way for as long as the test likes.
  const url = urlOf(page);
  await context.route(url, (route) => route.fulfill({ status: 204 }));
  await wizard.press(wizard.button("approval.check"));
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.clock.runFor("02:00");
  expect(asked).toEqual([]);
  expect(urlOf(page)).toBe(url);
});
