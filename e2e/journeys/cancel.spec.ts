import { expect, test } from "../support/test.ts";
import type { Wizard } from "../support/wizard.ts";

const moments: Record<string, (wizard: Wizard) => Promise<void>> = {
  "on the first screen": async () => undefined,
  "on a later screen": async (wizard) => {
    await wizard.signIn("user_sms");
    await wizard.expectScreen("one-time-code.heading", { step: 2, values: { length: 6 } });
  },
  "on a screen with an error": async (wizard) => {
    await wizard.continue();
    await wizard.expectScreen("credentials.heading", { step: 1, error: true });
  },
  "while the bank thinks": async (wizard) => {
    await wizard.signIn("user_slow");
    await wizard.expectScreen("working.heading", { step: 1 });
  },
};

const withoutScript = ["on the first screen", "on a later screen"];

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with script" : "without script", () => {
    test.use({ javaScriptEnabled });

    for (const [moment, reach] of Object.entries(moments).filter(
      ([name]) => javaScriptEnabled || withoutScript.includes(name),
    )) {
      test(`cancelling ${moment} leads back to Sage and tells it nothing`, async ({
        open,
        database,
      }) => {
        const wizard = await open();
        await reach(wizard);
        await wizard.cancel();
        await wizard.expectScreen("cancelled.heading");
        expect(await database.stored(wizard.authorisation.authorisationId)).toMatchObject({
          claimed: true,
          result: "cancelled",
          delivery: "not_required",
        });
        await wizard.goBackToSage();
        await wizard.expectBackInSage({ active: false });
        expect(await wizard.patches()).toEqual([]);
      });
    }
  });
}
