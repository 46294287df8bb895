import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { systemClock } from "../clock/clock.ts";
import { createSeals } from "../crypto/seal.ts";
import { openLimitNotice, sealLimitNotice } from "./limit-notice.ts";

const key = () => new Uint8Array(randomBytes(32));
const ring = key();
const seals = createSeals([ring]);
const at = (seconds: number) => ({
  ...systemClock,
  now: () => new Date(Date.UTC(2026, 10, 30, 12, 0, seconds)),
});
const notice = sealLimitNotice(seals, "entry", 90, at(10));

test("the reason says how long no answer is taken, rounded up to a minute, and the same each time", () => {
  expect(openLimitNotice(seals, "entry", notice, at(10))).toBe(110);
  expect(openLimitNotice(seals, "entry", notice, at(119))).toBe(1);
  expect(sealLimitNotice(seals, "entry", 88, at(12))).toBe(notice);
});
test("it outlives a rotation of the keys", () =>
  expect(openLimitNotice(createSeals([key(), ring]), "entry", notice, at(10))).toBe(110));
test.each([
  ["for another entry", () => openLimitNotice(seals, "other", notice, at(10))],
  ["after its end", () => openLimitNotice(seals, "entry", notice, at(120))],
  [
    "with another time",
    () =>
      openLimitNotice(
        seals,
        "entry",
        notice.replace(/^(\d+)/, (minute) => String(Number(minute) + 1)),
        at(10),
      ),
  ],
  ["signed by others", () => openLimitNotice(createSeals([key()]), "entry", notice, at(10))],
  ["made up", () => openLimitNotice(seals, "entry", "99999999.x", at(10))],
  ["with something behind it", () => openLimitNotice(seals, "entry", `${notice}.x`, at(10))],
  ["empty", () => openLimitNotice(seals, "entry", "", at(10))],
])("it says nothing %s", (_, open) => expect(open()).toBeUndefined());
