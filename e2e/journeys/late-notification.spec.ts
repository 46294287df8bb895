import { expect, test } from "../support/test.ts";
import { words } from "../support/words.ts";

for (const embedMode of ["embedded", "frame"] as const) {
  test(`a journey that is opened before its notification arrives waits for it, opened as ${embedMode}`, async ({
    open,
  }) => {
    const wizard = await open({ embedMode, notify: { delayMs: 900 } });
    await wizard.signIn("user_good");
    await wizard.expectScreen("authorised.heading", { step: 3 });
    await wizard.goBackToSage();
    await wizard.expectBackInSage({ active: true });
  });
}

test("an authorisation that was never notified is refused in a frame", async ({ visit, watch }) => {
  watch.expectStatus(403);
  const wizard = await visit({ embedMode: "frame", notify: false });
  await wizard.expectScreen("error.refused.heading", { owner: words("error.service") });
});

test("an authorisation that was never notified is refused in Sage’s own page", async ({
  visit,
}) => {
  const wizard = await visit({ embedMode: "embedded", notify: false });
  await expect(
    wizard.screen.getByRole("region", { name: words("error.refused.heading") }),
  ).toHaveText(`${words("error.refused.heading")}${words("error.refused.text")}`);
});
