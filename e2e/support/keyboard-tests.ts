import { keyboardJourneys } from "./keyboard-journeys.ts";
import { KeyboardWizard } from "./keyboard-wizard.ts";
import { sageLink } from "./tab-walk.ts";
import { expect, test } from "./test.ts";
import { success } from "./wizard.ts";
import { words } from "./words.ts";

/**
 * Tests in which these users of the sandbox go through with the keyboard alone, with script and
 * without.
 */
export function keyboardTests(userNames: readonly string[]): void {
  for (const javaScriptEnabled of [true, false]) {
    test.describe(`with the keyboard alone, ${javaScriptEnabled ? "with" : "without"} script,`, () => {
      test.use({ javaScriptEnabled });
      test.describe.configure({ mode: "parallel" });

      for (const userName of userNames) {
        test(`${userName} goes from Sage’s page into the frame, through, and back`, async ({
          create,
          page,
          bankingService,
          context,
          watch,
        }) => {
          const journey = keyboardJourneys[userName];
          if (!journey) throw new Error(`${userName} has no journey`);
          watch.expectPath("/sandbox-bank");
          const authorisation = await create();
          await page.goto(authorisation.pageUrl);
          const wizard = new KeyboardWizard(page, authorisation, bankingService, {
            framed: true,
            scripted: javaScriptEnabled,
          });
          await page.getByRole("link", { name: sageLink.before }).focus();
          // Without script nothing follows the fragment's link but the person; fragment.spec.ts
          // judges how that link shows the focus.
          if (!javaScriptEnabled)
            await wizard.pressOutside(
              wizard.screen.getByRole("link", { name: words("fragment.link") }),
            );
          await wizard.expectScreen("credentials.heading", { step: 1 });
          await wizard.signIn(userName);
          for (const step of journey.steps) await step(wizard, context);
          const done = journey.end === "authorised.heading";
          await wizard.expectScreen(journey.end, done ? { step: 3 } : {});
          await wizard.goBackToSage();
          await wizard.expectBackInSage({ active: done });
          expect(wizard.problems).toEqual([]);
          expect(await wizard.patches()).toEqual(done ? [success] : []);
        });
      }
    });
  }
}
