import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { chromium } from "playwright/test";
import { announcements, hearAnnouncements } from "../support/announcements.ts";
import { expect, test } from "../support/connector-test.ts";
import { Wizard } from "../support/wizard.ts";

// What a browser has that somebody uses: it offers to save a password, over the screen that comes
// next. Playwright's own profiles never do.
test("in a browser that offers to save the password, the screen after it is said all the same, and no other one twice", async ({
  create,
  bankingService,
  launchOptions,
}, testInfo) => {
  const profile = testInfo.outputPath("profile");
  await mkdir(path.join(profile, "Default"), { recursive: true });
  await writeFile(
    path.join(profile, "Default/Preferences"),
    JSON.stringify({
      credentials_enable_service: true,
      profile: { password_manager_enabled: true },
    }),
  );
  const context = await chromium.launchPersistentContext(profile, {
    ...launchOptions,
    locale: "en-GB",
    ignoreDefaultArgs: ["--enable-automation"],
  });
  try {
    await hearAnnouncements(context);
    await context.clock.install();
    const authorisation = await create();
    const page = await context.newPage();
    await page.goto(authorisation.pageUrl);
    const wizard = new Wizard(page, authorisation, bankingService, {
      framed: true,
      scripted: true,
    });
    const said = async () => announcements(await wizard.frame());
    const heading = wizard.screen.getByRole("heading", { level: 1 });
    await wizard.expectScreen("credentials.heading", { step: 1 });
    await wizard.signIn("user_sms");
    await wizard.expectScreen("one-time-code.heading", { step: 2, values: { length: 6 } });
    await expect.poll(said).toEqual([await heading.textContent()]);
    // Its address has lost the mark, so that it is said once.
    await expect.poll(async () => new URL((await wizard.frame()).url()).search).toBe("");
    await wizard.enterCode();
    await wizard.expectScreen("authorised.heading", { step: 3 });
    await expect(heading).toBeFocused();
    await page.clock.runFor(5000);
    expect(await said()).toEqual([]);
  } finally {
    await context.close();
  }
});
