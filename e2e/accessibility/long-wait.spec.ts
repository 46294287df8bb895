import { expect, test } from "../support/test.ts";
import { bank, words } from "../support/words.ts";

const name = (seconds: number) => `waiting.bank-at-work-sign-in-for-${seconds}-seconds-1100-left`;
const text = "#reauth-waiting";

test("a long wait says so after 5 and after 20 seconds on the screen, to a screen reader when it was quiet for 10, and that nobody has to wait", async ({
  page,
  connector,
  watch,
}) => {
  watch.expectPath(`/gallery/${name(0)}`);
  watch.expectPath(`/gallery/${name(0)}/status`);
  await page.clock.install();
  await page.goto(`${connector.connectorUrl}/gallery/${name(0)}`);
  await expect(page.locator(text)).toHaveText(words("working.text", { bank }));
  await expect(page.getByRole("status")).toHaveText("");
  await page.clock.runFor(5000);
  await expect(page.locator(text)).toHaveText(words("working.after-5", { bank }));
  await expect(page.getByRole("status")).toBeEmpty();
  await page.clock.runFor(5100);
  await expect(page.getByRole("status")).toHaveText(words("working.after-5", { bank }));
  await page.clock.runFor(10_100);
  await expect(page.locator(text)).toHaveText(words("working.after-20", { bank }));
  await expect(page.getByRole("status")).toHaveText(words("working.after-20", { bank }));
  await expect(page.getByRole("button", { name: words("working.leave") })).toBeVisible();
});

test.describe("without script", () => {
  test.use({ javaScriptEnabled: false });

  for (const [seconds, key] of [
    [6, "working.after-5"],
    [21, "working.after-20"],
  ] as const) {
    test(`a screen asked for after ${seconds} seconds says it as well`, async ({
      page,
      connector,
      watch,
    }) => {
      watch.expectPath(`/gallery/${name(seconds)}`);
      await page.goto(`${connector.connectorUrl}/gallery/${name(seconds)}`);
      await expect(page.locator(text)).toHaveText(words(key, { bank }));
    });
  }
});

test("somebody who does not wait is told what happens, and Sage is told when the bank has said yes", async ({
  open,
}) => {
  const wizard = await open();
  await wizard.signIn("user_slow");
  await wizard.expectScreen("working.heading", { step: 1 });
  await wizard.press(wizard.button("working.leave"));
  await wizard.expectScreen("left.heading");
  await expect.poll(async () => (await wizard.patches()).length).toBe(1);
});
