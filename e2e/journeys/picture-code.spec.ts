import type { TestDatabase } from "../support/database.ts";
import { expect, test } from "../support/test.ts";
import type { Wizard } from "../support/wizard.ts";
import { words } from "../support/words.ts";

const scan = ["picture-code.heading-scan", { step: 2 }] as const;
const read = ["picture-code.heading-read", { step: 2 }] as const;
const reply = (wizard: Wizard, purpose: "scan" | "read" = "scan") =>
  wizard.field(words(`picture-code.reply-${purpose}`));
const picture = ({ screen }: Wizard) => screen.getByRole("img");
const urlOf = (wizard: Wizard) => picture(wizard).getAttribute("src");

/** The picture runs out, so that the bank has another one as soon as it is asked. */
const runOut = async (wizard: Wizard, database: TestDatabase) =>
  database.age((await wizard.frame()).url(), 60_000);

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with script" : "without script", () => {
    test.use({ javaScriptEnabled });

    test("a picture to scan is shown with words and with its data to type, and the code goes on", async ({
      open,
    }) => {
      const wizard = await open();
      await wizard.signIn("user_photo");
      await wizard.expectScreen(...scan);
      await expect(picture(wizard)).toHaveAccessibleName("QR code for the Northwind Bank app");
      // Shown, and not only there: the policy lets it in, and the browser can decode it.
      await expect
        .poll(() =>
          picture(wizard).evaluate(
            (image: HTMLImageElement) =>
              image.complete && image.naturalWidth > 0 && image.width > 100,
          ),
        )
        .toBe(true);
      await expect(wizard.screen.locator(".readable")).toHaveText(
        /^\d{4} \d{4}(\d ){3}\d, (\d ){3}\d$/,
      );
      await reply(wizard).fill("123 456");
      await wizard.continue();
      await wizard.expectScreen("authorised.heading", { step: 3 });
    });

    test("a wrong code says so, keeps the picture, and the right code goes on", async ({
      open,
    }) => {
      const wizard = await open();
      await wizard.signIn("user_photo");
      await wizard.expectScreen(...scan);
      const before = await urlOf(wizard);
      await reply(wizard).fill("654321");
      await wizard.continue();
      await wizard.expectScreen("picture-code.heading-scan", { step: 2, error: true });
      await expect(
        wizard.screen
          .getByRole("alert")
          .getByRole("link", { name: words("picture-code.wrong-scan") }),
      ).toHaveAttribute("href", "#reauth-reply");
      await expect(reply(wizard)).toHaveValue("");
      expect(await urlOf(wizard)).toBe(before);
      await reply(wizard).fill("123456");
      await wizard.continue();
      await wizard.expectScreen("authorised.heading", { step: 3 });
    });

    test("a new picture comes when it is asked for, and the screen says so", async ({ open }) => {
      const wizard = await open();
      await wizard.signIn("user_captcha");
      await wizard.expectScreen(...read);
      const before = await urlOf(wizard);
      await wizard.press(wizard.button("picture-code.refresh"));
      await expect(wizard.screen.locator(".notice")).toHaveText(words("notice.refreshed"));
      await wizard.expectScreen(...read);
      expect(await urlOf(wizard)).not.toBe(before);
      await reply(wizard, "read").fill("123456");
      await wizard.continue();
      await wizard.expectScreen("authorised.heading", { step: 3 });
    });

    test("somebody who cannot scan takes another way", async ({ open }) => {
      const wizard = await open();
      await wizard.signIn("user_photo");
      await wizard.expectScreen(...scan);
      await wizard.press(wizard.button("page.other-way"));
      await wizard.expectScreen("one-time-code.heading", { step: 2, values: { length: 6 } });
      await wizard.enterCode();
      await wizard.expectScreen("authorised.heading", { step: 3 });
    });

    test("a picture to read can be heard instead, in the browser’s own player", async ({
      open,
    }) => {
      const wizard = await open();
      await wizard.signIn("user_captcha");
      await wizard.expectScreen(...read);
      const player = wizard.screen.locator("audio");
      await expect(player).toHaveAccessibleName(words("picture-code.listen"));
      await expect
        .poll(() =>
          player.evaluate((audio: HTMLAudioElement) => [
            audio.controls,
            audio.autoplay,
            Math.round(audio.duration),
            audio.error,
          ]),
        )
        .toEqual([true, false, 9, null]);
    });
  });
}

test("a picture that was replaced comes by itself, says that it is new, and is announced", async ({
  open,
  database,
}) => {
  const wizard = await open();
  await wizard.signIn("user_photo");
  await wizard.expectScreen(...scan);
  const before = await urlOf(wizard);
  await runOut(wizard, database);
  await expect(wizard.screen.locator(".notice")).toHaveText(words("notice.refreshed"));
  expect(await urlOf(wizard)).not.toBe(before);
  await expect(wizard.screen.getByRole("heading", { level: 1 })).toBeFocused();
  await expect(wizard.screen.getByRole("status")).toContainText(words("notice.refreshed"));
});

test("what somebody is typing is not taken away by a new picture, and nothing is asked meanwhile", async ({
  open,
  page,
  database,
}) => {
  await page.clock.install();
  const wizard = await open();
  await wizard.signIn("user_photo");
  await wizard.expectScreen(...scan);
  let asked = 0;
  page.on("request", (request) => (asked += request.url().endsWith("/status") ? 1 : 0));
  await reply(wizard).fill("12");
  await runOut(wizard, database);
  await page.clock.runFor(60_000);
  expect(asked).toBe(0);
  await expect(reply(wizard)).toHaveValue("12");
  // Emptied again, the screen takes up where it was.
  await reply(wizard).fill("");
  await page.clock.runFor(60_000);
  await expect(wizard.screen.locator(".notice")).toHaveText(words("notice.refreshed"));
});
