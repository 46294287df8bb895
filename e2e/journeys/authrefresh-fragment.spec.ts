import { createHash } from "node:crypto";
import { expect, test } from "../support/connector-test.ts";
import { expectNoEcho, marker } from "../support/marked.ts";
import { navigation, rawRequest } from "../support/raw-request.ts";

/** As much as a parameter may hold, of what a compressor cannot make smaller. */
function noise(length: number, alphabet: string, seed: string): string {
  const letters = [...alphabet];
  let text = "";
  for (let block = 0; text.length < length; block += 1) {
    for (const byte of createHash("sha512").update(`${seed}${block}`).digest())
      text += letters[byte % letters.length] ?? "";
  }
  return text.slice(0, length);
}

const ascii = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const wide = Array.from({ length: 256 }, (_, index) =>
  String.fromCharCode(0x4e00 + index * 71),
).join("");
// 256 and 128 bytes of UTF-8, the most there may be.
const longest = {
  "characters of one byte": {
    externalId: noise(256, ascii, "account"),
    bankId: noise(128, ascii, "bank"),
  },
  "characters of three bytes": {
    externalId: noise(85, wide, "account"),
    bankId: noise(42, wide, "bank"),
  },
};

for (const [kind, values] of Object.entries(longest)) {
  test(`the fragment is at most 2 KB with the longest parameters there can be, in ${kind}`, async ({
    create,
    connector,
  }) => {
    const { port } = new URL(connector.bankingServiceUrl);
    const origin = `http://redirect.localhost:${port}/`;
    const { authrefreshUrl } = await create({
      ...values,
      redirectUri: origin + noise(512 - origin.length, ascii, "redirect"),
      state: noise(128, ascii, "state"),
    });
    const answer = await rawRequest(authrefreshUrl);
    expect(answer.status).toBe(200);
    expect(Buffer.byteLength(answer.body)).toBeLessThanOrEqual(2048);
  });
}

test("the fragment holds one absolute link to us, a constant script and nothing of the query", async ({
  create,
  connector,
}) => {
  const { port } = new URL(connector.bankingServiceUrl);
  const { authrefreshUrl } = await create({
    bankId: `bank-${marker}`,
    externalId: `<script>${marker}</script>`,
    state: marker,
    redirectUri: `http://redirect.localhost:${port}/${crypto.randomUUID()}/${marker}`,
  });
  const answer = await rawRequest(authrefreshUrl, {
    headers: { "user-agent": marker, "accept-language": marker, cookie: `a=${marker}` },
  });
  expectNoEcho(answer);
  const links = [...answer.body.matchAll(/ href="([^"]*)"/g)].map(([, href = ""]) => href);
  expect(links).toHaveLength(1);
  expect(links[0]).toMatch(new RegExp(`^${connector.connectorUrl}/authrefresh/[\\w.-]+$`));
  const scripts = [...answer.body.matchAll(/<script>(.*?)<\/script>/g)].map(([, script]) => script);
  expect(scripts).toEqual([expect.stringMatching(/^location\.replace\([\w.]+\)$/)]);
  expect(answer.body).toMatch(/^<section lang="en-GB" dir="ltr" aria-label="[^"]+" style="/);
  expect(answer.body).not.toMatch(/ id=| src=| on\w+=|<(?:link|style|iframe|form|img)/);
});

test("every answer with HTML in it carries the same protection, cookies and redirects aside", async ({
  create,
  connector,
}) => {
  const { authrefreshUrl } = await create();
  const { port } = new URL(connector.bankingServiceUrl);
  const urls = [
    authrefreshUrl,
    `${connector.connectorUrl}/authrefresh`,
    `${connector.connectorUrl}/authrefresh/garbage`,
  ];
  for (const url of urls) {
    for (const headers of [{}, navigation]) {
      const answer = await rawRequest(url, { headers });
      const policy = answer.headers["content-security-policy"] ?? "";
      expect(policy).toContain(
        `frame-ancestors ${connector.bankingServiceUrl} http://ui.localhost:${port} ` +
          `http://redirect.localhost:${port}`,
      );
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain(`form-action ${connector.connectorUrl};`);
      expect(policy).not.toMatch(/unsafe|\*/);
      expect(answer.headers).toMatchObject({
        "cache-control": "no-store",
        "referrer-policy": "same-origin",
        "x-content-type-options": "nosniff",
      });
      expect(Object.keys(answer.headers)).not.toEqual(
        expect.arrayContaining([
          expect.stringMatching(/^(set-cookie|x-frame-options|x-powered-by|location)$/),
        ]),
      );
    }
  }
});
