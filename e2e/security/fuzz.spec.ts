import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "../support/connector-test.ts";
import { firstScreen, formOf, type ScreenForm, start } from "../support/raw-journey.ts";
import { navigation, type RawAnswer, rawRequest } from "../support/raw-request.ts";

// Requests that nobody wrote: over every address, method and field of the contract. `npm run
// security` makes 100,000 of them.
const runs = Number(process.env["SECURITY_FUZZ_RUNS"] ?? 600);
const atOnce = 20;
const perRound = 400;

const nasty = fc.constantFrom(
  "",
  "\0",
  "%",
  "%00",
  "%E0%A4%A",
  "../../etc/passwd",
  "<script>alert(1)</script>",
  "'; DROP TABLE sessions; --",
  "{{7*7}}",
  "${7*7}",
  "__proto__",
  "constructor",
  "\u202e",
  "\ud800",
  "𝒳".repeat(50),
  "A".repeat(5000),
  "-1",
  "1e309",
  "NaN",
  "%0d%0aSet-Cookie:x=1",
  "javascript:alert(1)",
  "https://evil.example/",
);
const text = fc.oneof(
  nasty,
  fc.string({ unit: "binary", maxLength: 80 }),
  fc.base64String({ maxLength: 120 }),
  fc.webUrl(),
);
const segment = fc.oneof(
  fc.constantFrom(
    "authrefresh",
    "notification",
    "notifications",
    "health",
    "live",
    "ready",
    "status",
    "return",
    "assets",
    "sandbox-bank",
    "_next",
    "gallery",
    "..",
    ".",
    "",
  ),
  text.map(encodeSoft),
);
const method = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom("GET", "POST") },
  {
    weight: 2,
    arbitrary: fc.constantFrom("HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"),
  },
);
const fieldName = fc.oneof(
  fc.constantFrom(
    "form_token",
    "action",
    "username",
    "password",
    "code",
    "method",
    "choice",
    "reply",
    "answer-1",
    "character-2",
    "bank-query",
  ),
  text,
);
const queryName = fc.oneof(
  fc.constantFrom(
    "bankaccount",
    "authorisation_id",
    "redirect_uri",
    "state",
    "externalId",
    "lang",
    "checked",
    "time",
  ),
  text,
);
const action = fc.constantFrom(
  "continue",
  "cancel",
  "leave",
  "check",
  "send-again",
  "other-way",
  "refresh",
  "ask-again",
  "x",
);
const mediaType = fc.constantFrom(
  "application/x-www-form-urlencoded",
  "application/x-www-form-urlencoded; charset=utf-16",
  "application/json",
  "multipart/form-data; boundary=x",
  "text/plain",
  "",
);
const headers = fc.dictionary(
  fc.constantFrom(
    "accept",
    "accept-language",
    "origin",
    "referer",
    "sec-fetch-mode",
    "sec-fetch-site",
    "sec-purpose",
    "x-forwarded-host",
    "next-action",
    "rsc",
    "next-router-state-tree",
    "x-connector-query",
    "range",
    "if-none-match",
    "content-encoding",
    "authorization",
    "cookie",
    "accept-encoding",
  ),
  text.map((value) => value.replace(/[^\t\x20-\x7e\x80-\xff]/g, "").slice(0, 2000)),
  { maxKeys: 4 },
);

// A lone surrogate is no UTF-8; it becomes U+FFFD, as a browser would send it.
function wellFormed(value: string) {
  return Buffer.from(value).toString();
}

function encodeSoft(value: string) {
  const whole = wellFormed(value);
  return whole.length % 3 === 0
    ? encodeURIComponent(whole)
    : whole.replace(/[^\x21-\x22\x24-\x3e\x40-\x7e]/g, "");
}

interface Fuzzed {
  method: string;
  target: string;
  headers: Record<string, string>;
  body: string | undefined;
}

/** A request about `forms`: those of a first and of a later screen that are really there. */
const request = (forms: ScreenForm[]): fc.Arbitrary<Fuzzed> => {
  const paths = forms.map(({ url }) => new URL(url).pathname);
  const pathname = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.constantFrom(
        ...paths,
        ...paths.map((path) => `${path}/status`),
        ...paths.map((path) => `${path}/bank`),
        "/authrefresh",
        "/authrefresh/return",
        "/bank/ping",
        "/notification",
      ),
    },
    {
      weight: 2,
      arbitrary: fc.array(segment, { maxLength: 4 }).map((parts) => `/${parts.join("/")}`),
    },
  );
  const query = fc
    .array(fc.tuple(queryName, fc.oneof(text, fc.uuid(), fc.constant(randomUUID()))), {
      maxLength: 6,
    })
    .map((pairs) => pairs.map((pair) => pair.map(encodeSoft).join("=")).join("&"));
  const token = fc.oneof(fc.constantFrom(...forms.map((form) => form.token)), text);
  const form = fc
    .tuple(token, action, fc.array(fc.tuple(fieldName, text), { maxLength: 8 }))
    .map(([form_token, act, pairs]) =>
      new URLSearchParams(
        [["form_token", form_token], ["action", act], ...pairs].map(([name = "", value = ""]) => [
          wellFormed(name),
          wellFormed(value),
        ]),
      ).toString(),
    );
  const body = fc.oneof(form, fc.json(), text);
  return fc
    .tuple(method, pathname, query, headers, mediaType, body)
    .map(([verb, path, search, extra, type, content]) => ({
      method: verb,
      target: search ? `${path}?${search}` : path,
      headers: { ...navigation, ...extra, ...(type ? { "content-type": type } : {}) },
      body: verb === "POST" || verb === "PUT" ? content : undefined,
    }));
};

/**
 * What is wrong with an answer, in words. Playwright keeps a step for each `expect`, which half a
 * million of them would choke on.
 */
function problemsOf({ status, headers: answered, body }: RawAnswer): string[] {
  const problems: [boolean, string][] = [
    [status < 200 || (status >= 500 && status !== 503), "a fault of ours"],
    [[301, 302, 307, 308].includes(status), "a redirect that posts again"],
    [
      /\n\s+at .+:\d+:\d+|node_modules|PrismaClient|ECONNREFUSED|\.tsx?:\d+/.test(body),
      "a stack trace",
    ],
    [answered["set-cookie"] !== undefined, "a cookie"],
  ];
  return problems.flatMap(([wrong, text]) => (wrong ? [`${status}: ${text}`] : []));
}

test(`${runs} requests nobody wrote are answered in time, without a fault of ours, a stack trace or a redirect that posts again`, async ({
  create,
  connector,
}) => {
  test.setTimeout(120_000 + runs * 60);
  for (let done = 0; done < runs; done += perRound) {
    // Some of them end the journeys they are about, so there are new ones from time to time.
    const [one, other] = [await create(), await create()];
    const forms = [
      formOf(await firstScreen(one.authrefreshUrl)),
      formOf((await start(other.authrefreshUrl, "user_sms")).screen),
    ];
    const waiting = fc.sample(request(forms), Math.min(perRound, runs - done));
    const wrong: string[] = [];
    const sendThem = async () => {
      for (let each = waiting.pop(); each; each = waiting.pop()) {
        const { method: verb, target, headers: extra, body } = each;
        const answer = await Promise.race([
          rawRequest(connector.connectorUrl + target, {
            method: verb,
            headers: extra,
            ...(body === undefined ? {} : { body }),
          }),
          hang(each),
        ]);
        wrong.push(
          ...problemsOf(answer).map(
            (problem) => `${verb} ${JSON.stringify(target.slice(0, 300))} ${problem}`,
          ),
        );
      }
    };
    await Promise.all(Array.from({ length: atOnce }, sendThem));
    expect(wrong).toEqual([]);
  }
  expect((await rawRequest(`${connector.connectorUrl}/health/ready`)).status).toBe(200);
});

/**
 * A request that is not answered within a minute hangs; the connector itself gives up long before.
 */
function hang({ method: verb, target }: Fuzzed): Promise<never> {
  return new Promise((_, reject) =>
    setTimeout(
      () => reject(new Error(`no answer: ${verb} ${target.slice(0, 300)}`)),
      60_000,
    ).unref(),
  );
}
