import { expect, test } from "../support/connector-test.ts";
import { firstScreen, follow, formOf, type ScreenForm, start } from "../support/raw-journey.ts";
import { rawRequest } from "../support/raw-request.ts";

// Every combination of where a post says it comes from, whose token it brings and how it is
// encoded, on the first and on a later screen: exactly the right ones are taken.
const urlencoded = "application/x-www-form-urlencoded";
type Proof = Record<string, string>;
const proofs = (own: string): [name: string, headers: Proof, ours: boolean][] => [
  ["our origin", { origin: own }, true],
  ["our origin, from us", { origin: own, "sec-fetch-site": "same-origin" }, true],
  ["nothing said, as by a program", {}, true],
  ["no origin, from us", { "sec-fetch-site": "same-origin" }, true],
  ["no origin, from another site", { "sec-fetch-site": "cross-site" }, false],
  ["no origin, from a sibling", { "sec-fetch-site": "same-site" }, false],
  ["no origin, from nowhere", { "sec-fetch-site": "none" }, false],
  ["another origin", { origin: "https://evil.example" }, false],
  [
    "another origin that says it is ours",
    { origin: "https://evil.example", "sec-fetch-site": "same-origin" },
    false,
  ],
  ["an opaque origin", { origin: "null" }, false],
  [
    "an opaque origin, from another site, as of a sandboxed frame",
    { origin: "null", "sec-fetch-site": "cross-site" },
    false,
  ],
  [
    "an opaque origin, from us, as behind a proxy that forbids referrers",
    { origin: "null", "sec-fetch-site": "same-origin" },
    true,
  ],
  ["two origins", { origin: `${own}, https://evil.example` }, false],
  ["our origin with a slash", { origin: `${own}/` }, false],
];
const types: [type: string, taken: boolean][] = [
  [urlencoded, true],
  [`${urlencoded}; charset=utf-8`, true],
  ["text/plain", false],
  ["multipart/form-data; boundary=x", false],
  ["application/json", false],
  ["", false],
];
const tokens = ["own", "another session’s", "another step’s", "none"] as const;

const post = (form: ScreenForm, token: string, type: string, proof: Proof) =>
  rawRequest(form.url, {
    method: "POST",
    headers: { ...proof, ...(type ? { "content-type": type } : {}) },
    body: new URLSearchParams({
      form_token: token,
      code: "000000",
      username: "user_sms",
      password: "wrong",
      action: "continue",
    }).toString(),
  });

for (const step of ["first", "later"] as const) {
  test(`on the ${step} screen a post is taken with the right origin, token and encoding together, and never otherwise`, async ({
    create,
    database,
  }) => {
    const journey = async () => {
      const { authrefreshUrl, authorisationId } = await create();
      if (step === "first")
        return { authorisationId, form: formOf(await firstScreen(authrefreshUrl)), earlier: "x.y" };
      const { form, screen } = await start(authrefreshUrl, "user_sms");
      return { authorisationId, form: formOf(screen), earlier: form.token };
    };
    const [mine, theirs] = [await journey(), await journey()];
    const tokenOf = {
      own: mine.form.token,
      "another session’s": theirs.form.token,
      "another step’s": mine.earlier,
      none: "",
    };
    const before = await database.stored(mine.authorisationId);
    for (const [proof, headers, ours] of proofs(new URL(mine.form.url).origin)) {
      for (const [type, encoded] of types) {
        for (const token of tokens) {
          if (ours && encoded && token === "own") continue;
          const { status } = await post(mine.form, tokenOf[token], type, headers);
          expect(status, `${proof}, ${type || "no type"}, ${token} token`).toBe(
            ours ? (encoded ? 403 : 415) : 403,
          );
        }
      }
    }
    expect(await database.stored(mine.authorisationId)).toEqual({
      ...before,
      secondsLeft: expect.any(Number),
    });
    // Exactly the right ones, each on a journey of its own.
    for (const [proof, headers, ours] of proofs(new URL(mine.form.url).origin).filter(
      ([, , each]) => each,
    )) {
      const { form } = await journey();
      expect(ours && (await post(form, form.token, urlencoded, headers)).status, proof).toBe(303);
    }
  });
}

test("no step can be skipped: an answer to a later one is taken as an answer to the one that is due", async ({
  create,
}) => {
  const { authrefreshUrl } = await create();
  const form = formOf(await firstScreen(authrefreshUrl));
  const posted = await rawRequest(form.url, {
    method: "POST",
    headers: { "content-type": urlencoded },
    body: new URLSearchParams({
      form_token: form.token,
      action: "continue",
      code: "123456",
      kind: "one-time-code",
      step: "9",
    }).toString(),
  });
  expect(posted.status).toBe(303);
  const screen = await follow(posted);
  expect(screen.body).toContain('name="password"');
});
