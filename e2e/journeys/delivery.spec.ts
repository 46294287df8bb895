import { expect, test } from "../support/test.ts";
import type { Fault } from "../../simulator/control-api.ts";
import { success, type Wizard } from "../support/wizard.ts";

const unavailable: Fault = { status: 503, retryAfter: 1, times: 1000 };

test("when Sage asks to wait, the person waits on a screen that says so, and the second try arrives", async ({
  open,
  faults,
  database,
}) => {
  const wizard = await open();
  // The second fault keeps the screen that waits there long enough to be seen. Other faults:
  // delivery-faults.spec.ts.
  await faults(
    wizard.authorisation.authorisationId,
    { status: 429, retryAfter: 1 },
    { delayMs: 1500 },
  );
  await wizard.signIn("user_good");
  await wizard.expectScreen("finishing.heading", { step: 3 });
  await wizard.expectScreen("authorised.heading", { step: 3 });
  expect(await wizard.patches()).toEqual([success, success]);
  expect(await database.stored(wizard.authorisation.authorisationId)).toMatchObject({
    delivery: "delivered",
  });
  await wizard.goBackToSage();
  await wizard.expectBackInSage({ active: true });
});

test("a refusal after a lost reply means that the first try probably arrived, and the person is told no more than that", async ({
  open,
  faults,
  database,
}) => {
  const wizard = await open();
  await faults(wizard.authorisation.authorisationId, { loseReply: true }, { status: 409 });
  await wizard.signIn("user_good");
  await wizard.expectScreen("authorised.unconfirmed.heading", { step: 3 });
  await wizard.goBackToSage();
  await wizard.expectBackInSage({ active: true });
  expect(await database.stored(wizard.authorisation.authorisationId)).toMatchObject({
    delivery: "probably_applied",
  });
});

test("a refusal at once is told to the person and not tried again", async ({
  open,
  faults,
  database,
}) => {
  const wizard = await open();
  await faults(wizard.authorisation.authorisationId, { status: 404 });
  await wizard.signIn("user_good");
  await wizard.expectScreen("authorised.undelivered.heading", { step: 3 });
  await wizard.goBackToSage();
  await wizard.expectBackInSage({ active: false });
  expect(await wizard.patches()).toHaveLength(1);
  expect(await database.stored(wizard.authorisation.authorisationId)).toMatchObject({
    delivery: "undeliverable",
  });
});

async function leaveEarly(wizard: Wizard) {
  await wizard.signIn("user_good");
  await wizard.expectScreen("finishing.heading", { step: 3 });
  await wizard.button("finishing.leave").click();
  await wizard.expectScreen("authorised.unconfirmed.heading", { step: 3 });
  await wizard.goBackToSage();
  await wizard.expectBackInSage({ active: false });
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with script" : "without script", () => {
    test.use({ javaScriptEnabled });

    test("a person who does not want to wait goes back, and the result arrives later", async ({
      open,
      faults,
      bankingService,
      database,
    }) => {
      const wizard = await open();
      const { authorisationId } = wizard.authorisation;
      await faults(authorisationId, unavailable);
      await leaveEarly(wizard);
      expect(await database.stored(authorisationId)).toMatchObject({
        result: "authorised",
        delivery: "pending",
      });
      await bankingService.clearFaults();
      await expect
        .poll(async () => (await wizard.report()).patches.some(({ applied }) => applied))
        .toBe(true);
      await expect
        .poll(async () => (await database.stored(authorisationId)).delivery)
        .toBe("delivered");
    });
  });
}

test("a Provider API that does not answer keeps nobody waiting for the page", async ({
  open,
  faults,
  bankingService,
}) => {
  const wizard = await open();
  await faults(wizard.authorisation.authorisationId, { delayMs: 60_000, times: 1000 });
  await leaveEarly(wizard);
  await bankingService.clearFaults();
  await expect
    .poll(async () => (await wizard.report()).patches.some(({ applied }) => applied), {
      timeout: 30_000,
    })
    .toBe(true);
});

test.describe("without script", () => {
  test.use({ javaScriptEnabled: false });

  test("Check now finds that Sage was told", async ({ open, faults, bankingService }) => {
    const wizard = await open();
    await faults(wizard.authorisation.authorisationId, unavailable);
    await wizard.signIn("user_good");
    await wizard.expectScreen("finishing.heading", { step: 3 });
    await bankingService.clearFaults();
    // Presses Check now for as long as there is one.
    await wizard.expectScreen("authorised.heading", { step: 3 });
  });
});

test("a token that Sage no longer takes is fetched anew once, and the PATCH sent again at once", async ({
  open,
  faults,
  bankingService,
  context,
}) => {
  // A journey before it, so that there is a token to be refused.
  const before = await open();
  await before.signIn("user_good");
  await before.expectScreen("authorised.heading", { step: 3 });

  const wizard = await open({ page: await context.newPage() });
  await faults(wizard.authorisation.authorisationId, { status: 401 });
  const { tokenRequests } = await bankingService.counts();
  await wizard.signIn("user_good");
  await wizard.expectScreen("authorised.heading", { step: 3 });
  const { patches } = await wizard.report();
  expect(patches.map(({ status }) => status)).toEqual([401, 200]);
  expect((await bankingService.counts()).tokenRequests).toBe(tokenRequests + 1);
});
