import { headingOf, start } from "../support/raw-journey.ts";
import { navigation, rawRequest } from "../support/raw-request.ts";
import { expect, test } from "../support/test.ts";
import { success } from "../support/wizard.ts";
import { words, wordsIn } from "../support/words.ts";

const approve = { name: "Yes, connect it" };

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with script" : "without script", () => {
    test.use({ javaScriptEnabled });

    test("a page of the bank’s own is gone to by a link, in the frame, and comes back", async ({
      open,
      watch,
    }) => {
      watch.expectPath("/sandbox-bank");
      const wizard = await open();
      await wizard.signIn("user_redirect");
      await wizard.expectScreen("redirect.heading", { step: 2 });
      await wizard.press(wizard.screen.getByRole("link", { name: words("redirect.link-frame") }));
      await wizard.press(wizard.screen.getByRole("link", approve));
      await wizard.expectScreen("authorised.heading", { step: 3 });
      expect(await wizard.patches()).toEqual([success]);
    });

    test("saying no there comes back with the words for it, and it can be tried again", async ({
      open,
      watch,
    }) => {
      watch.expectPath("/sandbox-bank");
      const wizard = await open();
      await wizard.signIn("user_redirect");
      await wizard.press(wizard.screen.getByRole("link", { name: words("redirect.link-frame") }));
      await wizard.press(wizard.screen.getByRole("link", { name: "No, go back" }));
      await wizard.expectScreen("redirect.heading", { step: 2, error: true });
      await expect(wizard.screen.getByRole("alert")).toContainText(words("redirect.denied"));
      await wizard.press(wizard.screen.getByRole("link", { name: words("redirect.link-frame") }));
      await wizard.press(wizard.screen.getByRole("link", approve));
      await wizard.expectScreen("authorised.heading", { step: 3 });
    });

    test("a page that must not be framed opens in a window by the person’s click, and the frame goes on without it", async ({
      open,
      context,
      watch,
    }) => {
      watch.expectPath("/sandbox-bank");
      const wizard = await open();
      await wizard.signIn("user_redirect_window");
      await wizard.expectScreen("redirect.heading", { step: 2 });
      const [window] = await Promise.all([
        context.waitForEvent("page"),
        wizard.screen.getByRole("link", { name: words("redirect.link-window") }).click(),
      ]);
      await wizard.press(window.getByRole("link", approve), window);
      await expect(window.getByRole("heading", { level: 1 })).toHaveText(words("back.heading"));
      // It speaks the language of the journey, and another one where that is chosen.
      await window.getByRole("combobox").selectOption("de-DE");
      await wizard.press(window.getByRole("button", { name: words("language.change") }), window);
      await expect(window.getByRole("heading", { level: 1 })).toHaveText(
        wordsIn("de-DE")("back.heading"),
      );
      // The window that came back knows no address of the journey.
      expect(await window.content()).not.toMatch(/authrefresh\/[A-Za-z0-9_-]{20}/);
      await window.close();
      if (!javaScriptEnabled) await wizard.press(wizard.button("redirect.check"));
      await wizard.expectScreen("authorised.heading", { step: 3 });
    });
  });
}

test("the way back, gone again after the end, answers nothing and names no journey", async ({
  open,
  watch,
  request,
}) => {
  watch.expectPath("/sandbox-bank");
  const wizard = await open({ standalone: true });
  await wizard.signIn("user_redirect");
  await wizard.press(wizard.screen.getByRole("link", { name: words("redirect.link-frame") }));
  const back = (await wizard.screen.getByRole("link", approve).getAttribute("href")) ?? "";
  await wizard.press(wizard.screen.getByRole("link", approve));
  await wizard.expectScreen("authorised.heading", { step: 3 });
  // In the frame they are on their last screen again, as after a double click on the bank's page.
  const framed = await request.get(back, {
    headers: { "sec-fetch-dest": "iframe" },
    maxRedirects: 0,
  });
  expect([framed.status(), framed.headers()["location"]]).toEqual([
    303,
    expect.stringMatching(/\/authrefresh\/[A-Za-z0-9_-]{43}$/),
  ]);
  await wizard.page.goto(back);
  await expect(wizard.page.getByRole("heading", { level: 1 })).toHaveText(words("back.heading"));
  expect(await wizard.page.content()).not.toMatch(/authrefresh\/[A-Za-z0-9_-]{20}/);
  expect(await wizard.patches()).toEqual([success]);
});

test("a frame, which is no window to close, is told that the page is of no use any more, and names no journey", async ({
  create,
}) => {
  const { screen } = await start((await create()).authrefreshUrl, "user_redirect_window");
  const [, back = ""] = /sandbox-bank\?back=([^"&]+)/.exec(screen.body) ?? [];
  const answer = await rawRequest(`${decodeURIComponent(back)}&result=approved`, {
    headers: navigation,
  });
  expect([answer.status, headingOf(answer)]).toEqual([
    410,
    words("error.already-answered.heading"),
  ]);
  expect(answer.body).not.toMatch(/authrefresh\/[A-Za-z0-9_-]{20}/);
});

test("a way back that the browser only loads ahead answers nothing", async ({
  open,
  watch,
  request,
}) => {
  watch.expectPath("/sandbox-bank");
  const wizard = await open({ standalone: true });
  await wizard.signIn("user_redirect");
  await wizard.press(wizard.screen.getByRole("link", { name: words("redirect.link-frame") }));
  const back = (await wizard.screen.getByRole("link", approve).getAttribute("href")) ?? "";
  expect(
    (await request.get(back, { headers: { "sec-purpose": "prefetch" }, maxRedirects: 0 })).status(),
  ).toBe(410);
  expect((await request.head(back, { maxRedirects: 0 })).status()).toBe(410);
  await wizard.press(wizard.screen.getByRole("link", approve));
  await wizard.expectScreen("authorised.heading", { step: 3 });
});
