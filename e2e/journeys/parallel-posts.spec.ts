import { expect, test } from "../support/connector-test.ts";
import {
  credentials,
  firstScreen,
  follow,
  formOf,
  headingOf,
  postForm,
  start,
} from "../support/raw-journey.ts";
import { success } from "../support/wizard.ts";
import { words } from "../support/words.ts";

const times = 8;
const codeHeading = words("page.step-heading", {
  step: 2,
  heading: words("one-time-code.heading", { length: 6 }),
});

test("the first form posted many times at once goes to one place, by one claim, and the journey goes on", async ({
  create,
  database,
  bankingService,
}) => {
  const { authrefreshUrl, authorisationId } = await create();
  const form = formOf(await firstScreen(authrefreshUrl));
  const answers = await Promise.all(
    Array.from({ length: times }, () => postForm(form, credentials("user_sms"))),
  );
  expect(answers.map(({ status }) => status)).toEqual(Array(times).fill(303));
  expect(new Set(answers.map(({ headers }) => headers.location)).size).toBe(1);
  expect(await database.stored(authorisationId)).toMatchObject({ sessions: 1 });

  // The first to come asked the bank; whoever was told to wait finds the next question as soon as
  // it is there.
  const [first] = answers;
  if (!first) throw new Error("no answer");
  await expect.poll(async () => headingOf(await follow(first))).toBe(codeHeading);
  expect(await database.stored(authorisationId)).toMatchObject({ step: 2 });
  await postForm(formOf(await follow(first)), { code: "123456" });
  await expect
    .poll(async () =>
      (await bankingService.authorisation(authorisationId)).patches.map(({ body }) => body),
    )
    .toEqual([success]);
});

test("the first form posted again later goes to the same place, also after the end", async ({
  create,
  bankingService,
}) => {
  const { authrefreshUrl, authorisationId } = await create();
  const { form, posted } = await start(authrefreshUrl, "user_good");
  const again = await postForm(form, credentials("user_good"));
  expect([again.status, again.headers.location]).toEqual([303, posted.headers.location]);
  expect(headingOf(await follow(again))).toContain(words("authorised.heading"));
  expect((await bankingService.authorisation(authorisationId)).patches).toHaveLength(1);
});

test("a later form posted many times at once answers once", async ({ create, database }) => {
  const { authrefreshUrl, authorisationId } = await create();
  const { screen } = await start(authrefreshUrl, "user_two_rounds");
  const answers = await Promise.all(
    Array.from({ length: times }, () => postForm(formOf(screen), { code: "123456" })),
  );
  expect(answers.map(({ status }) => status)).toEqual(Array(times).fill(303));
  expect(new Set(answers.map(({ headers }) => headers.location)).size).toBe(1);
  // One step further and not two: the question is next, and it was not answered by a code that came
  // twice.
  await expect
    .poll(() => database.stored(authorisationId))
    .toMatchObject({ step: 3, result: null });
});

test("a form of a step that is past changes nothing and leads to the screen that is due", async ({
  create,
  database,
}) => {
  const { authrefreshUrl, authorisationId } = await create();
  const { screen } = await start(authrefreshUrl, "user_two_rounds");
  await postForm(formOf(screen), { code: "123456" });
  const before = await database.stored(authorisationId);
  const late = await postForm(formOf(screen), { code: "000000" });
  expect(late.status).toBe(303);
  expect(headingOf(await follow(late))).toContain(
    words("security-questions.heading", { count: 1 }),
  );
  expect((await database.stored(authorisationId)).step).toBe(before.step);
});

test("of many renderings of the first screen, posted at once, exactly one starts", async ({
  create,
  database,
}) => {
  const { authrefreshUrl, authorisationId } = await create();
  const forms = await Promise.all(
    Array.from({ length: times }, async () => formOf(await firstScreen(authrefreshUrl))),
  );
  expect(new Set(forms.map(({ token }) => token)).size).toBe(times);
  const answers = await Promise.all(forms.map((form) => postForm(form, credentials("user_sms"))));
  expect(answers.map(({ status }) => status).sort()).toEqual([
    303,
    ...Array<number>(times - 1).fill(410),
  ]);
  expect(await database.stored(authorisationId)).toMatchObject({ sessions: 1 });
});

test("Continue and Cancel of one form at once go to one place, and what was first counts", async ({
  create,
  database,
}) => {
  const { authrefreshUrl, authorisationId } = await create();
  const form = formOf(await firstScreen(authrefreshUrl));
  const [go, stop] = await Promise.all([
    postForm(form, credentials("user_sms")),
    postForm(form, { action: "cancel" }),
  ]);
  expect([go.status, stop.status]).toEqual([303, 303]);
  expect(go.headers.location).toBe(stop.headers.location);
  expect(await database.stored(authorisationId)).toMatchObject({ sessions: 1 });
});

test("what a slow bank says after a cancel changes nothing", async ({
  create,
  database,
  bankingService,
}) => {
  const [cancelled, later] = await Promise.all([create(), create()]);
  const { screen } = await start(cancelled.authrefreshUrl, "user_slow");
  await postForm(formOf(screen), { action: "cancel" });
  // A second journey at the same bank ends after the first one's answer came.
  await start(later.authrefreshUrl, "user_slow");
  await expect
    .poll(async () => (await database.stored(later.authorisationId)).result)
    .toBe("authorised");
  expect(await database.stored(cancelled.authorisationId)).toMatchObject({
    result: "cancelled",
    delivery: "not_required",
  });
  expect((await bankingService.authorisation(cancelled.authorisationId)).patches).toEqual([]);
});
