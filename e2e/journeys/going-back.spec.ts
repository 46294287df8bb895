import { expect, test } from "../support/test.ts";
import { words } from "../support/words.ts";

test.use({ leavesByItself: true });

const everyCharacter = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~-";
const states = [
  "a",
  "4f1d2c3b-0A9b-4c8D-9e7f-001122334455",
  everyCharacter,
  `${everyCharacter}${everyCharacter}`.slice(0, 128),
  "..",
  "~-._",
];

test("the state comes back byte for byte, whatever it is", async ({ open, page }) => {
  for (const state of states) {
    const wizard = await open({ state });
    await wizard.cancel();
    await wizard.expectScreen("cancelled.heading");
    await wizard.goBackToSage();
    await wizard.expectBackInSage({ active: false });
    expect((await wizard.report()).arrivals.map(({ url }) => url)).toEqual([
      `${wizard.authorisation.redirectUri}?state=${state}`,
    ]);
    await page.goto("about:blank");
  }
});

const paths = [
  "/api/v1/back?x=1&y=%2F%7e",
  "/api/v1/b%2fb/c?q=a+b%20c&amp;=&quot",
  "/api/v1/it's/(ok)/a,b;c=d@e!$*?z",
];

test("an address with a query, escapes and every odd character is left as it is", async ({
  open,
  page,
  connector,
}) => {
  const { port } = new URL(connector.bankingServiceUrl);
  for (const [index, path] of paths.entries()) {
    // The simulator finds an authorisation by its path, so it is this test's own.
    const redirectUri = `http://redirect.localhost:${port}/${crypto.randomUUID()}${path}`;
    const wizard = await open({ redirectUri, state: `state-${index}` });
    await wizard.cancel();
    await wizard.expectScreen("cancelled.heading");
    await wizard.goBackToSage();
    await wizard.expectBackInSage({ active: false });
    expect((await wizard.report()).arrivals.map(({ url }) => url)).toEqual([
      `${redirectUri}&state=state-${index}`,
    ]);
    await page.goto("about:blank");
  }
});

test.describe("the last screen", () => {
  test("goes back by itself after there was time to read it", async ({ open, page }) => {
    await page.clock.install();
    const wizard = await open();
    await wizard.signIn("user_good");
    await wizard.expectScreen("authorised.heading", { step: 3 });
    await expect(
      wizard.screen.getByText(words("finished.return-soon", { seconds: 10 })),
    ).toBeVisible();
    await page.clock.fastForward("00:08");
    await wizard.expectBackInSage({ active: true });
  });

  test("stays when it is told to", async ({ open, page }) => {
    await page.clock.install();
    const wizard = await open();
    await wizard.signIn("user_good");
    await wizard.expectScreen("authorised.heading", { step: 3 });
    await wizard.button("finished.stay").click();
    await expect(wizard.screen.locator("p", { hasText: words("finished.staying") })).toBeVisible();
    await page.clock.fastForward("10:00");
    await wizard.expectScreen("authorised.heading", { step: 3 });
    expect((await wizard.report()).arrivals).toEqual([]);
    await wizard.goBackToSage();
    await wizard.expectBackInSage({ active: true });
  });

  test("leaves by replacing itself, so that Back does not lead into it", async ({ open, page }) => {
    await page.clock.install();
    const wizard = await open();
    await wizard.signIn("user_good");
    await wizard.expectScreen("authorised.heading", { step: 3 });
    const before = await page.evaluate(() => history.length);
    await page.clock.fastForward("00:10");
    await wizard.expectBackInSage({ active: true });
    expect(await page.evaluate(() => history.length)).toBe(before);
  });
});
