import { expect, test } from "../support/test.ts";

const later = { step: 2, values: { length: 6 } } as const;

for (const javaScriptEnabled of [true, false]) {
  test.describe(`a double click on Continue, ${javaScriptEnabled ? "with" : "without"} script`, () => {
    test.use({ javaScriptEnabled });

    test("on the first screen starts once, and nobody is locked out", async ({
      open,
      page,
      database,
      watch,
    }) => {
      if (!javaScriptEnabled) watch.expectOvertaken();
      const wizard = await open();
      const posts: string[] = [];
      page.on("request", (request) => request.method() === "POST" && posts.push(request.url()));
      await wizard.fillCredentials("user_sms");
      await wizard.button("page.continue").dblclick();
      await wizard.expectScreen("one-time-code.heading", later);
      if (javaScriptEnabled) expect(posts).toHaveLength(1);
      expect(await database.stored(wizard.authorisation.authorisationId)).toMatchObject({
        sessions: 1,
        step: 2,
      });
      await wizard.enterCode();
      await wizard.expectScreen("authorised.heading", { step: 3 });
    });

    test("on a later screen answers once", async ({ open, page, database, watch }) => {
      if (!javaScriptEnabled) watch.expectOvertaken();
      const wizard = await open();
      await wizard.signIn("user_two_rounds");
      await wizard.expectScreen("one-time-code.heading", later);
      const posts: string[] = [];
      page.on("request", (request) => request.method() === "POST" && posts.push(request.url()));
      await wizard.code.fill("123456");
      await wizard.button("page.continue").dblclick();
      await wizard.expectScreen("security-questions.heading", { step: 2, values: { count: 1 } });
      if (javaScriptEnabled) expect(posts).toHaveLength(1);
      expect(await database.stored(wizard.authorisation.authorisationId)).toMatchObject({
        step: 3,
        result: null,
      });
      await wizard.answerQuestion();
      await wizard.expectScreen("authorised.heading", { step: 3 });
    });
  });
}
