import { describe, expect, it } from "vitest";
import { retryAfterMs } from "./retry-after.ts";

const now = new Date("2026-09-01T12:00:00Z");
const at = (time: string) => `Tue, 01 Sep 2026 ${time} GMT`;

describe("Retry-After", () => {
  it.each<[string, Record<string, string>, number | undefined]>([
    ["is absent", {}, undefined],
    ["is empty", { "retry-after": "" }, undefined],
    ["counts seconds", { "retry-after": "5" }, 5000],
    ["is zero", { "retry-after": "0" }, 0],
    ["counts days, cut to an hour", { "retry-after": "864000" }, 3_600_000],
    ["counts beyond any number", { "retry-after": "9".repeat(400) }, 3_600_000],
    ["counts backwards", { "retry-after": "-5" }, undefined],
    ["counts fractions", { "retry-after": "1.5" }, undefined],
    ["is words", { "retry-after": "soon" }, undefined],
    ["is repeated", { "retry-after": "5, 10" }, undefined],
    ["is a date by our clock", { "retry-after": at("12:00:20") }, 20_000],
    [
      "is a date by the answer's clock",
      { "retry-after": at("09:00:20"), date: at("09:00:00") },
      20_000,
    ],
    [
      "is a date, and the answer has no usable Date",
      { "retry-after": at("12:00:20"), date: "today" },
      20_000,
    ],
    ["is a date in the past", { "retry-after": at("11:00:00") }, 0],
    [
      "is a date far away, cut to an hour",
      { "retry-after": "Wed, 01 Sep 2027 12:00:00 GMT" },
      3_600_000,
    ],
    ["is no day of any month", { "retry-after": "Tue, 99 Sep 2026 12:00:00 GMT" }, undefined],
    ["is an ISO date", { "retry-after": "2026-09-01T12:00:20Z" }, undefined],
    ["is an obsolete date", { "retry-after": "Tue Sep  1 12:00:20 2026" }, undefined],
  ])("%s", (_name, headers, expected) => {
    expect(retryAfterMs(new Headers(headers), now)).toBe(expected);
  });
});
