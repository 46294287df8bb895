import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

/**
 * What a newcomer asks for, by its usual name, and the file that is the answer. A new subject gets
 * a line here, and its usual name into the file's name or its first comment.
 */
const whereIs: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  expiry: { expiry: "lib/authorisations/expiry.ts" },
  "open redirect": {
    "open redirect": "lib/authrefresh/redirect-uri.ts",
    redirect_uri: "lib/authrefresh/redirect-uri.ts",
  },
  CSRF: { CSRF: "app/_answers/caller.ts", "cross-origin post": "app/_answers/caller.ts" },
  "rate limit": {
    "rate limit": "lib/delivery/rate-limit.ts",
    "brute force": "lib/authorisations/attempt-limit.ts",
    "lock-out": "lib/authorisations/attempt-limit.ts",
  },
  webhook: {
    webhook: "lib/events/webhook.ts",
    notification: "app/notification/route.ts",
  },
  "encryption at rest": {
    "encryption at rest": "lib/crypto/seal.ts",
    HKDF: "lib/crypto/seal.ts",
  },
  CSP: { CSP: "lib/web/csp.ts", "Content-Security-Policy": "lib/web/csp.ts" },
  "back-off": { "back-off": "lib/delivery/backoff.ts", jitter: "lib/delivery/backoff.ts" },
  "log fields": { "log fields": "lib/log/log.ts", "log events": "lib/log/log-events.ts" },
  "add a language": { "add a language": "docs/extending.md" },
  "add a challenge kind": { "add a challenge kind": "docs/extending.md" },
  "button colour": { "button colour": "public/tokens.css", buttons: "public/wizard/buttons.css" },
  "PATCH body": { "PATCH body": "lib/delivery/outcome.ts" },
  "start-up": { "start-up": "server/start.ts" },
};

const root = path.resolve(import.meta.dirname, "..");
const files = [
  ...["app", "lib", "public", "server"].flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
      .map((file) => `${folder}/${file}`)
      .filter((file) => /\.(tsx?|js|css)$/.test(file))
      .filter((file) => !/\.(test|integration|fixture)\.|^lib\/db\/prisma\//.test(file)),
  ),
  "docs/extending.md",
]
  .toSorted()
  .map((file) => ({ file, text: readFileSync(path.join(root, file), "utf8") }));

/** The term as one word or several, in any case: back-off, backoff, BackOff. */
const pattern = (term: string) => new RegExp(term.split(/[ _-]/).join("[ _-]?"), "i");
const firstComment = (text: string) =>
  /\/\*[^]*?\*\/|(?:^[ \t]*\/\/.*\n)+/m.exec(text)?.[0].replace(/\s+(?:\*|\/\/)?\s*/g, " ") ?? "";

/** By file or folder name; else by first comment; else by any line. In the order of `grep`. */
function find(term: string): string[] {
  const wanted = pattern(term);
  const looks = [
    ({ file }: { file: string }) => wanted.test(file),
    ({ text }: { text: string }) => wanted.test(firstComment(text)),
    ({ text }: { text: string }) => wanted.test(text),
  ];
  const found = looks.map((look) => files.filter(look).map(({ file }) => file));
  return found.find((hits) => hits.length > 0) ?? [];
}

test.each(
  Object.entries(whereIs).flatMap(([behaviour, terms]) =>
    Object.entries(terms).map(([term, file]) => [behaviour, term, file] as const),
  ),
)("%s is found by “%s”, in %s", (_, term, file) => {
  expect(find(term)[0]).toBe(file);
});

test("what nothing is called is not found", () => {
  expect(find("blockchain")).toEqual([]);
});
