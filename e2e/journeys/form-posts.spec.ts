import { expect, test } from "../support/connector-test.ts";
import { expectNoEcho, marker } from "../support/marked.ts";
import {
  credentials,
  firstScreen,
  follow,
  formOf,
  headingOf,
  postForm,
  posting,
  start,
} from "../support/raw-journey.ts";
import { rawRequest } from "../support/raw-request.ts";
import { words } from "../support/words.ts";

const urlencoded = "application/x-www-form-urlencoded";

const foreign: Record<
  string,
  { fields?: Record<string, string>; headers?: Record<string, string> }
> = {
  "without a token": { fields: { form_token: "" } },
  "with a token of nobody’s": { fields: { form_token: marker } },
  "with a token that is too long": { fields: { form_token: marker.repeat(3000) } },
  "with a token with one letter changed": { fields: { form_token: "CHANGED" } },
  "from another origin": { headers: { origin: "https://evil.example" } },
  "from an origin that is not said": {
    headers: { origin: "null", "sec-fetch-site": "cross-site" },
  },
  "from Sage’s own origin": { headers: { origin: "http://ui.localhost" } },
  "from our host on another port": { headers: { origin: "http://localhost:1" } },
  "from an origin that the Host header agrees with": {
    headers: { origin: "http://evil.example", host: "evil.example" },
  },
};

for (const [what, { fields = {}, headers = {} }] of Object.entries(foreign)) {
  test(`a form ${what} is answered 403 on both kinds of screen, echoes nothing and changes nothing`, async ({
    create,
    database,
  }) => {
    const { authrefreshUrl, authorisationId } = await create();
    const first = formOf(await firstScreen(authrefreshUrl));
    const tampered = (token: string) =>
      fields.form_token === "CHANGED"
        ? { form_token: token.slice(0, -2) + (token.at(-2) === "A" ? "B" : "A") + token.slice(-1) }
        : fields;

    const onFirst = await postForm(
      first,
      { ...credentials(marker, marker), ...tampered(first.token) },
      headers,
    );
    expect(onFirst.status).toBe(403);
    expectNoEcho(onFirst);
    expect(await database.stored(authorisationId)).toMatchObject({ claimed: false, sessions: 0 });

    const later = formOf(await follow(await postForm(first, credentials("user_sms"))));
    const onLater = await postForm(later, { code: "123456", ...tampered(later.token) }, headers);
    expect(onLater.status).toBe(403);
    expectNoEcho(onLater);
    expect(await database.stored(authorisationId)).toMatchObject({ step: 2, result: null });
  });
}

test("a token of another session, of another rendering’s handle or of the first screen does not open a later step", async ({
  create,
  database,
}) => {
  const [one, other] = await Promise.all([create(), create()]);
  const [mine, theirs] = await Promise.all([
    start(one.authrefreshUrl, "user_sms"),
    start(other.authrefreshUrl, "user_sms"),
  ]);
  const form = formOf(mine.screen);
  for (const token of [formOf(theirs.screen).token, mine.form.token, theirs.form.token]) {
    expect((await postForm({ ...form, token }, { code: "123456" })).status).toBe(403);
  }
  expect(await database.stored(one.authorisationId)).toMatchObject({ step: 2, result: null });
});

const bodies: Record<string, { type: string; body: string | Buffer; status: number }> = {
  "as JSON": { type: "application/json", body: JSON.stringify({ username: marker }), status: 415 },
  "as multipart": {
    type: "multipart/form-data; boundary=x",
    body: `--x\r\nContent-Disposition: form-data; name="username"\r\n\r\n${marker}\r\n--x--`,
    status: 415,
  },
  "as plain text": { type: "text/plain", body: `username=${marker}`, status: 415 },
  "with bytes that are no UTF-8": {
    type: urlencoded,
    body: Buffer.from([0x61, 0x3d, 0xff, 0xfe]),
    status: 415,
  },
  "of more than 64 KiB": { type: urlencoded, body: `username=${marker.repeat(7000)}`, status: 413 },
};

for (const [what, { type, body, status }] of Object.entries(bodies)) {
  test(`a form ${what} is answered ${status} on both kinds of screen and changes nothing`, async ({
    create,
    database,
  }) => {
    const { authrefreshUrl, authorisationId } = await create();
    const first = formOf(await firstScreen(authrefreshUrl));
    const onFirst = await rawRequest(first.url, {
      method: "POST",
      headers: { ...posting(first.url), "content-type": type },
      body,
    });
    expect(onFirst.status).toBe(status);
    expectNoEcho(onFirst);
    expect(await database.stored(authorisationId)).toMatchObject({ claimed: false });
    const later = formOf(await follow(await postForm(first, credentials("user_sms"))));
    const onLater = await rawRequest(later.url, {
      method: "POST",
      headers: { ...posting(later.url), "content-type": type },
      body,
    });
    expect(onLater.status).toBe(status);
    expect(onLater.headers["content-type"]).toBe("text/html; charset=utf-8");
    expectNoEcho(onLater);
  });
}

test("a form without a content type is answered 415", async ({ create }) => {
  const { url } = formOf(await firstScreen((await create()).authrefreshUrl));
  expect((await rawRequest(url, { method: "POST", headers: posting(url), body: "" })).status).toBe(
    415,
  );
});

test("fields we do not know change nothing, whatever they are called", async ({
  create,
  bankingService,
}) => {
  const { authrefreshUrl, authorisationId } = await create();
  const unknown = {
    __proto__: "x",
    constructor: "x",
    toString: "x",
    kind: "one-time-code",
    redirect_uri: "https://evil.example/",
    externalId: "x",
    [marker]: marker,
  };
  const pairs = [
    ...Object.entries(unknown),
    ["__proto__", "x"],
    ["__proto__.polluted", "x"],
    ["user[name]", "x"],
    ["password", "second"],
  ];
  const form = formOf(await firstScreen(authrefreshUrl));
  const body = new URLSearchParams([
    ["form_token", form.token],
    ["username", "user_good"],
    ["password", "pass_good"],
    ...(pairs as [string, string][]),
  ]).toString();
  const posted = await rawRequest(form.url, {
    method: "POST",
    headers: { ...posting(form.url), "content-type": urlencoded },
    body,
  });
  expect(posted.status).toBe(303);
  expectNoEcho(posted);
  const screen = await follow(posted);
  expect(headingOf(screen)).toContain(words("authorised.heading"));
  expectNoEcho(screen);
  expect((await bankingService.authorisation(authorisationId)).patches).toHaveLength(1);
});

test("an action we do not know is an answer like any other, and Check now answers nothing", async ({
  create,
  database,
}) => {
  const { authrefreshUrl, authorisationId } = await create();
  const { screen } = await start(authrefreshUrl, "user_sms");
  const form = formOf(screen);
  expect((await postForm(form, { action: "check", code: "123456" })).status).toBe(303);
  expect((await postForm(form, { action: "leave", code: "000000" })).status).toBe(303);
  expect(await database.stored(authorisationId)).toMatchObject({ result: null });
});

test("a form that is posted without Origin, as old browsers do, is taken", async ({ create }) => {
  const form = formOf(await firstScreen((await create()).authrefreshUrl));
  const body = new URLSearchParams({
    form_token: form.token,
    ...credentials("user_good"),
  }).toString();
  expect(
    (
      await rawRequest(form.url, {
        method: "POST",
        headers: { "content-type": `${urlencoded}; charset=UTF-8` },
        body,
      })
    ).status,
  ).toBe(303);
});

test("passwords and codes are not in any answer, whether right, wrong or too long", async ({
  create,
}) => {
  const form = formOf(await firstScreen((await create()).authrefreshUrl));
  const posted = await postForm(form, credentials("user_sms", marker));
  expectNoEcho(posted);
  expectNoEcho(await follow(posted));
  const again = formOf(await follow(posted));
  const second = await follow(await postForm(again, credentials("user_sms", marker.repeat(50))));
  expectNoEcho(second);
  const code = formOf(await follow(await postForm(formOf(second), credentials("user_sms"))));
  expectNoEcho(await follow(await postForm(code, { code: marker })));
});
