import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ancestorPattern } from "./frame-ancestors.ts";

const sage = [
  "https://*.sagebankdrive.com",
  "https://*.sage.com",
  "https://money.example:8443",
  "http://127.0.0.1:4000",
  "https://Upper.Example:443",
];
const allowed = new RegExp(ancestorPattern(sage));
const label = fc.stringMatching(/^[a-z]([a-z0-9]{0,8})$/);

describe("the origins a height is told", () => {
  test.each([
    "https://x.sage.com",
    "https://a.b.sage.com",
    "https://eu.sagebankdrive.com",
    "https://money.example:8443",
    "http://127.0.0.1:4000",
    "https://upper.example",
  ])("%s is one", (origin) => {
    expect(allowed.test(origin)).toBe(true);
  });
  test.each([
    "https://sage.com",
    "http://x.sage.com",
    "https://x.sage.com:444",
    "https://x.sage.com.evil.example",
    "https://evilsage.com",
    "https://evil.example/x.sage.com",
    "https://xysageycom",
    "https://money.example",
    "http://127.0.0.1:40001",
    "null",
    "",
    "*",
    "https://x.sage.com\nhttps://evil.example",
  ])("%j is none", (origin) => {
    expect(allowed.test(origin)).toBe(false);
  });
  test("are none where the list names no address", () => {
    const pattern = new RegExp(ancestorPattern(["https://a.0", "https://x.example:99999"]));
    for (const origin of ["", "null", "https://a.0", "https://x.example"])
      expect(pattern.test(origin)).toBe(false);
  });
  test("are the hosts under a wildcard, however deep, and nothing else of any domain", () => {
    fc.assert(
      fc.property(
        fc.array(label, { minLength: 1, maxLength: 4 }),
        fc.array(label, { minLength: 2, maxLength: 3 }),
        (under, domain) => {
          const pattern = new RegExp(ancestorPattern([`https://*.${domain.join(".")}`]));
          expect(pattern.test(`https://${[...under, ...domain].join(".")}`)).toBe(true);
          expect(pattern.test(`https://${domain.join(".")}`)).toBe(false);
          expect(pattern.test(`https://${[...domain, ...under].join(".")}`)).toBe(
            [...domain, ...under].join(".").endsWith(`.${domain.join(".")}`),
          );
        },
      ),
    );
  });
});
