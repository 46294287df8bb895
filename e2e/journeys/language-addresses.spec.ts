import { expect, test } from "../support/connector-test.ts";
import { authrefreshUrlWith } from "../support/authrefresh-url.ts";
import {
  credentials,
  firstScreen,
  follow,
  formOf,
  headingOf,
  postForm,
  start,
} from "../support/raw-journey.ts";
import { comparable, navigation, type RawAnswer, rawRequest } from "../support/raw-request.ts";
import { wordsIn } from "../support/words.ts";

const german = wordsIn("de-DE");
const english = wordsIn("en-GB");
const codeHeading = (words: typeof english) =>
  words("page.step-heading", { step: 2, heading: words("one-time-code.heading", { length: 6 }) });

const get = (url: string, headers: Record<string, string> = {}) =>
  rawRequest(url, { headers: { ...navigation, ...headers } });

function expectLanguage({ headers, body }: RawAnswer, locale: string) {
  expect(headers["content-language"]).toBe(locale);
  expect(headers.vary).toContain("accept-language");
  expect(body).toContain(`<html lang="${locale}" dir="ltr">`);
}

/** The address of a screen where a code is asked for. */
async function codeScreen(
  authrefreshUrl: string,
  headers?: Record<string, string>,
): Promise<string> {
  const form = formOf(await get(authrefreshUrl, headers));
  return (await postForm(form, credentials("user_sms"), headers)).headers.location ?? "";
}

test("a language in the address of a session is its language from then on", async ({
  create,
  bankingService,
}) => {
  const { authrefreshUrl, authorisationId } = await create();
  const url = await codeScreen(authrefreshUrl);
  const before = await get(url);
  expectLanguage(before, "en-GB");
  expect(headingOf(before)).toBe(codeHeading(english));
  const chosen = await get(`${url}?lang=de-DE`);
  expectLanguage(chosen, "de-DE");
  expect(headingOf(chosen)).toBe(codeHeading(german));
  for (const again of [
    await get(url),
    await get(`${url}?lang=de-DE`),
    await get(url, { "accept-language": "fr-CA" }),
  ]) {
    expectLanguage(again, "de-DE");
    expect(formOf(again).url).toBe(formOf(chosen).url);
  }
  expect((await bankingService.authorisation(authorisationId)).patches).toEqual([]);
  // What comes after it too, and the outcome is told once.
  const posted = await postForm(formOf(chosen), { code: "123456" });
  expectLanguage(await follow(posted), "de-DE");
  const last = posted.headers.location ?? "";
  expectLanguage(await get(`${last}?lang=fr-FR`), "fr-FR");
  expectLanguage(await get(last), "fr-FR");
  expect((await bankingService.authorisation(authorisationId)).patches).toHaveLength(1);
});

test("before the start it travels in the address, and the form keeps it", async ({
  create,
  database,
}) => {
  const { authrefreshUrl, authorisationId } = await create();
  const { url } = formOf(await firstScreen(authrefreshUrl));
  expect(url).not.toContain("?");
  const screen = await get(`${url}?lang=fr-CA`);
  expectLanguage(screen, "fr-CA");
  expectLanguage(await get(url), "en-GB");
  expect(await database.stored(authorisationId)).toMatchObject({ claimed: false, sessions: 0 });
  expect(formOf(screen).url).toBe(`${url}?lang=fr-CA`);
  const posted = await postForm(formOf(screen), credentials("user_sms"));
  expect(posted.headers.location).not.toContain("?");
  expectLanguage(await follow(posted), "fr-CA");
  // The same form again leads to the same place, and changes no language.
  expect((await postForm(formOf(screen), credentials("user_sms"))).headers.location).toBe(
    posted.headers.location,
  );
});

test("a language we do not offer, or two of them, change nothing and come back nowhere", async ({
  create,
}) => {
  const url = await codeScreen((await create()).authrefreshUrl, { "accept-language": "es-ES" });
  const plain = comparable(await get(url));
  for (const query of [
    "lang=xx",
    "lang=",
    "lang",
    "lang=de",
    "lang=de-de",
    "lang=en-XA",
    "lang=ar-XB",
    "lang=__proto__",
    "lang=%E0%A4%A",
    "lang=de-DE&lang=de-DE",
    "lang=de-DE&lang=fr-FR",
    'lang="><script>',
    `lang=${"x".repeat(2000)}`,
    "x=de-DE",
  ]) {
    const answer = comparable(await get(`${url}?${query}`));
    expect(answer.status, query).toBe(200);
    expectLanguage(answer, "es-ES");
    // But for the seconds that passed.
    expect(answer.body.length, query).toBeLessThanOrEqual(plain.body.length + 10);
    expect(answer.body).not.toContain('script>"');
  }
  expectLanguage(await get(url), "es-ES");
});

test("HEAD, prefetch and the script’s question choose nothing", async ({ create }) => {
  const url = await codeScreen((await create()).authrefreshUrl);
  expect(
    (await rawRequest(`${url}?lang=de-DE`, { method: "HEAD", headers: navigation })).headers[
      "content-language"
    ],
  ).toBe("de-DE");
  await get(`${url}?lang=de-DE`, { "sec-purpose": "prefetch" });
  await rawRequest(`${url}/status?lang=de-DE`);
  expectLanguage(await get(url), "en-GB");
});

test("a refused form is answered in the language of its screen", async ({ create }) => {
  const url = await codeScreen((await create()).authrefreshUrl);
  const form = formOf(await get(`${url}?lang=de-DE`));
  const refused = await postForm({ ...form, token: "somebody-else" }, { code: "123456" });
  expect(refused.status).toBe(403);
  expectLanguage(refused, "de-DE");
  expect(headingOf(refused)).toBe(german("error.cross-origin-post.heading"));
  expect(refused.body).toContain(
    `<a class="primary" href="${form.url}">${german("error.try-again")}</a>`,
  );
});

test("a screen that is gone says so in the language asked for, and offers the others", async ({
  connector,
}) => {
  const url = `${connector.connectorUrl}/authrefresh/garbage`;
  const gone = await get(`${url}?lang=pt-PT`, { "accept-language": "de" });
  expect(gone.status).toBe(410);
  expectLanguage(gone, "pt-PT");
  expect(gone.body).toMatch(
    /<form[^>]* action="[^"]*\/authrefresh\/gone\?lang=pt-PT" method="get">/,
  );
  expect(gone.body).toContain('<option value="de-DE" lang="de-DE">Deutsch</option>');
  expectLanguage(await get(`${url}?lang=zz`, { "accept-language": "de" }), "de-DE");
});

test("the entry knows no such parameter: refusals stay the same bytes per language of the caller", async ({
  create,
  connector,
}) => {
  const refusal = (raw: string[], headers: Record<string, string>) =>
    create({ notify: false }).then((one) =>
      get(
        authrefreshUrlWith(
          connector.connectorUrl,
          one,
          { redirect_uri: "https://evil.example/" },
          raw,
        ),
        headers,
      ),
    );
  for (const accept of ["en-GB", "de-DE"]) {
    const plain = await refusal([], { "accept-language": accept });
    expect(plain.status).toBe(403);
    expectLanguage(plain, accept);
    expect(plain.body).not.toContain("<form");
    for (const raw of ["lang=fr-FR", "lang=xx", "lang=de-DE&lang=de-DE"])
      expect(comparable(await refusal([raw], { "accept-language": accept }))).toEqual(
        comparable(plain),
      );
  }
  expectLanguage(
    await get(authrefreshUrlWith(connector.connectorUrl, await create(), {}, ["lang=fr-FR"])),
    "en-GB",
  );
});

test("the language of the entry is what the browser asks for, and the session’s after the start", async ({
  create,
}) => {
  const { authrefreshUrl } = await create();
  expectLanguage(await get(authrefreshUrl, { "accept-language": "de-AT,de;q=0.9" }), "de-DE");
  const url = await codeScreen(authrefreshUrl, { "accept-language": "fr-CA" });
  expectLanguage(await get(url, { "accept-language": "de" }), "fr-CA");
});

test("a piece for a page of Sage’s speaks the caller’s language and has no choice in it", async ({
  create,
}) => {
  const fragment = await rawRequest((await create()).authrefreshUrl, {
    headers: { "accept-language": "fr-CA" },
  });
  expect(fragment.headers["content-language"]).toBe("fr-CA");
  expect(fragment.body).toContain('<section lang="fr-CA" dir="ltr"');
  expect(fragment.body).not.toContain("<select");
  expect(Buffer.byteLength(fragment.body)).toBeLessThanOrEqual(2048);
});

test("a session in another language than the browser’s keeps it when the connector must word an error", async ({
  create,
}) => {
  const { posted } = await start((await create()).authrefreshUrl, "user_sms");
  const url = posted.headers.location ?? "";
  await get(`${url}?lang=de-DE`);
  expect(formOf(await get(url)).url).toBe(`${url}?lang=de-DE`);
  expect(formOf(await get(url, { "accept-language": "de" })).url).toBe(url);
});
