import { expect, test } from "../support/test.ts";
import { success, type Wizard } from "../support/wizard.ts";

const journeys: Record<string, (wizard: Wizard) => Promise<void>> = {
  user_good: (wizard) => wizard.signIn("user_good"),
  user_sms: async (wizard) => {
    await wizard.signIn("user_sms");
    await wizard.expectScreen("one-time-code.heading", { step: 2, values: { length: 6 } });
    await wizard.enterCode();
  },
  user_two_rounds: async (wizard) => {
    await wizard.signIn("user_two_rounds");
    await wizard.expectScreen("one-time-code.heading", { step: 2, values: { length: 6 } });
    await wizard.enterCode();
    await wizard.expectScreen("security-questions.heading", { step: 2, values: { count: 1 } });
    await wizard.answerQuestion();
  },
};

for (const embedMode of ["embedded", "frame"] as const) {
  for (const javaScriptEnabled of [true, false]) {
    test.describe(`opened as ${embedMode}, ${javaScriptEnabled ? "with" : "without"} script`, () => {
      test.use({ embedMode, javaScriptEnabled });

      for (const [userName, answerEverything] of Object.entries(journeys)) {
        test(`${userName} answers what the bank asks and lands back in Sage with the feed active`, async ({
          open,
        }) => {
          const wizard = await open();
          await answerEverything(wizard);
          await wizard.expectScreen("authorised.heading", { step: 3 });
          // The PATCH is there before the browser can be (Sage’s developer pages, step 6).
          expect(await wizard.patches()).toEqual([success]);
          await wizard.goBackToSage();
          await wizard.expectBackInSage({ active: true });
          expect(await wizard.report()).toMatchObject({ active: true, patchedBeforeArrival: true });
          expect(await wizard.patches()).toEqual([success]);
        });
      }
    });
  }
}
