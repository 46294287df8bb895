import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test as browserTest } from "../support/test.ts";

/**
 * Chromium's own settings, written into a fresh profile. Contexts that Playwright makes are like
 * private windows, which block third-party cookies and storage, so every other journey runs with
 * that too; these say so, and prove it, for a browser somebody really uses.
 */
const profiles = {
  "third-party cookies and storage are blocked": { cookie_controls_mode: 1 },
  "all cookies and storage are blocked": { default_content_setting_values: { cookies: 2 } },
  "cookies and storage are allowed": { cookie_controls_mode: 0 },
};
type Name = keyof typeof profiles;

const test = browserTest.extend<{ profile: Name }>({
  profile: ["cookies and storage are allowed", { option: true }],
  context: async ({ playwright, launchOptions, profile }, use, testInfo) => {
    const folder = testInfo.outputPath("profile");
    mkdirSync(path.join(folder, "Default"), { recursive: true });
    writeFileSync(
      path.join(folder, "Default/Preferences"),
      JSON.stringify({ profile: profiles[profile] }),
    );
    const context = await playwright.chromium.launchPersistentContext(folder, launchOptions);
    await use(context);
    await context.close();
  },
});

/** Runs in a document: whether it may store anything. */
const mayStore = () => {
  try {
    localStorage.setItem("probe", "x");
    localStorage.removeItem("probe");
    return true;
  } catch {
    return false;
  }
};

const expectations: Record<Name, { inFrame: boolean; onItsOwn: boolean }> = {
  "third-party cookies and storage are blocked": { inFrame: false, onItsOwn: true },
  "all cookies and storage are blocked": { inFrame: false, onItsOwn: false },
  "cookies and storage are allowed": { inFrame: true, onItsOwn: true },
};

for (const [profile, { inFrame, onItsOwn }] of Object.entries(expectations) as [
  Name,
  (typeof expectations)[Name],
][]) {
  test.describe(`where ${profile}`, () => {
    test.use({ profile });

    test("the journey works in the frame and keeps nothing in the browser", async ({
      open,
      context,
    }) => {
      const wizard = await open();
      expect(await (await wizard.frame()).evaluate(mayStore)).toBe(inFrame);
      await wizard.signIn("user_sms");
      await wizard.enterCode();
      await wizard.expectScreen("authorised.heading", { step: 3 });
      await wizard.goBackToSage();
      await wizard.expectBackInSage({ active: true });
      // Where nothing can be stored, asking what was is an error, too.
      if (onItsOwn) expect(await context.storageState()).toEqual({ cookies: [], origins: [] });
    });

    test("the journey works on a page of its own and keeps nothing in the browser", async ({
      open,
      page,
      context,
    }) => {
      const wizard = await open({ standalone: true });
      expect(await page.evaluate(mayStore)).toBe(onItsOwn);
      await wizard.signIn("user_good");
      await wizard.expectScreen("authorised.heading", { step: 3 });
      await wizard.goBackToSage();
      await wizard.expectBackInSage({ active: true });
      // Where nothing can be stored, asking what was is an error, too.
      if (onItsOwn) expect(await context.storageState()).toEqual({ cookies: [], origins: [] });
    });
  });
}
