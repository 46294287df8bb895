import { expect, test } from "../support/connector-test.ts";
import { follow, formOf, headingOf, postForm, start } from "../support/raw-journey.ts";
import { escapeHtml } from "../support/marked.ts";
import { type MessageKey, words } from "../support/words.ts";

const right = [
  "123456",
  "123 456",
  "123-456",
  "１２３４５６",
  " 123456 ",
  "123–456",
  "12\u200b3456",
  "123\u00a0456",
  "12.34.56",
  "\t123456\n",
  "١٢٣٤٥٦",
  "۱۲۳۴۵۶",
  "१२३ ४५६",
];

for (const code of right) {
  test(`the code is accepted as ${JSON.stringify(code)}`, async ({ create }) => {
    const { screen } = await start((await create()).authrefreshUrl, "user_sms");
    const posted = await postForm(formOf(screen), { code });
    expect(headingOf(await follow(posted))).toContain(words("authorised.heading"));
  });
}

const wrong: [code: string, message: MessageKey][] = [
  ["", "one-time-code.missing"],
  [" - ", "one-time-code.missing"],
  ["abcdef", "one-time-code.not-digits"],
  ["12345x", "one-time-code.not-digits"],
  ["12345", "one-time-code.wrong-length"],
  ["1234567", "one-time-code.wrong-length"],
  ["654321", "one-time-code.wrong"],
  ["٦٥٤٣٢١", "one-time-code.wrong"],
];

for (const [code, message] of wrong) {
  test(`${JSON.stringify(code)} is answered with ${message}, and the code is not shown again`, async ({
    create,
  }) => {
    const { screen } = await start((await create()).authrefreshUrl, "user_sms");
    const { body } = await follow(await postForm(formOf(screen), { code }));
    expect(body).toContain(escapeHtml(words(message, { length: 6 })));
    expect(body).toContain("<title>Error: ");
    expect(body).not.toMatch(/<input[^>]* name="code"[^>]* value=/);
  });
}
