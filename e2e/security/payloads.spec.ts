import fc from "fast-check";
import { markup } from "../../app/authrefresh/_pages/payloads.fixture.ts";
import { authrefreshUrlWith } from "../support/authrefresh-url.ts";
import { expect, test } from "../support/test.ts";
import type { Wizard } from "../support/wizard.ts";
import { words } from "../support/words.ts";

// Typed into every form of the journey and put into every parameter, in a real browser, which is
// watched: a script of theirs, a dialog, a violation of the policy or a request to a stranger would
// be heard. `npm run security` tries more.
const rounds = Math.ceil(Number(process.env["SECURITY_PAYLOADS"] ?? 60) / 250);

const text = fc
  .tuple(
    fc.string({ unit: "grapheme", maxLength: 8 }),
    markup,
    fc.string({ unit: "grapheme", maxLength: 8 }),
  )
  .map((parts) =>
    parts
      .join("")
      .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, " ")
      .trim(),
  );
const one = () => fc.sample(text, 1)[0] ?? "";
const short = () => Array.from(one()).slice(0, 30).join("");

/** What is on the screen is our own: no element that came with what was typed, no handler. */
async function expectOwn(wizard: Wizard): Promise<void> {
  const frame = await wizard.frame();
  const strange = await frame.evaluate(() => {
    const all = [...document.querySelectorAll("*")];
    const attributes = all.flatMap((element) =>
      [...element.attributes].map(({ name, value }) => `${name}=${value}`),
    );
    return [
      ...document
        .querySelectorAll(
          "script:not([integrity]), iframe, base, object, embed, svg, math, template, b, textarea",
        )
        .values(),
    ]
      .map(({ localName }) => localName)
      .concat(attributes.filter((each) => /^on|^[a-z]+=\s*javascript:/i.test(each)));
  });
  expect(strange).toEqual([]);
}

test.beforeEach(async ({ context }) => {
  await context.addInitScript(() => {
    Object.assign(window, { x: () => console.error("a script of theirs ran") });
    // A dialog is nowhere but in the console then, where the watch hears it.
    for (const name of ["alert", "confirm", "prompt"] as const)
      Object.assign(window, { [name]: () => console.error(`${name} was called`) });
  });
});

test("what is typed into the forms is text or nowhere", async ({ open }) => {
  test.setTimeout(180_000 + rounds * 60_000);
  for (let round = 0; round < rounds; round += 1) {
    const wizard = await open({ bankId: short(), externalId: one() });
    const name = one();
    await wizard.signIn(name, one());
    await wizard.expectScreen("credentials.heading", { step: 1, error: true });
    await expect(wizard.field(words("credentials.username"))).toHaveValue(name);
    await expectOwn(wizard);
    await wizard.chooseLanguage("de-DE");
    await wizard.expectScreen("credentials.heading", { step: 1, error: true });
    await expect(wizard.screen.locator("input[name=username]")).toHaveValue(name);
    await wizard.chooseLanguage("en-GB");
    await wizard.expectScreen("credentials.heading", { step: 1, error: true });
    await wizard.signIn("user_questions");
    await wizard.expectScreen("security-questions.heading", { step: 2, values: { count: 2 } });
    for (const field of await wizard.screen.getByRole("textbox").all()) await field.fill(one());
    await wizard.continue();
    await wizard.expectScreen("security-questions.heading", {
      step: 2,
      values: { count: 2 },
      error: true,
    });
    await expectOwn(wizard);
    await wizard.page.goto("about:blank");
  }
});

test("what stands in the parameters is nowhere", async ({ create, page, connector, watch }) => {
  watch.expectStatus(400, 403);
  for (let round = 0; round < rounds * 3; round += 1) {
    const authorisation = await create({ externalId: one(), bankId: short() });
    const wanted = [
      {
        url: authrefreshUrlWith(connector.connectorUrl, authorisation, { state: one() }),
        status: 400,
      },
      {
        url: authrefreshUrlWith(connector.connectorUrl, authorisation, {
          redirect_uri: `https://evil.example/${encodeURIComponent(one())}`,
        }),
        status: 403,
      },
      {
        url: authrefreshUrlWith(connector.connectorUrl, authorisation, {}, [
          `lang=${encodeURIComponent(one())}`,
          `${encodeURIComponent(one())}=1`,
        ]),
        status: 200,
      },
    ];
    for (const { url, status } of wanted) {
      const answer = await page.goto(url);
      expect(answer?.status(), url).toBe(status);
      const html = await page.content();
      expect(html).not.toMatch(/x\(\)|evil\.example|onerror|srcdoc/);
    }
  }
});
