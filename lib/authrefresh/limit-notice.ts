import { handleDigest } from "../authorisations/handles.ts";
import type { Clock } from "../clock/clock.ts";
import type { Seals } from "../crypto/seal.ts";

const purpose = "entry limit";
const minuteMs = 60_000;

const signedText = (entryToken: string, untilMinute: string) =>
  `${Buffer.from(handleDigest(entryToken)).toString("base64url")}.${untilMinute}`;

/**
 * Why a first screen comes back, for its address, since there is no session yet that could remember
 * it: until which minute no answer is taken. Signed, so that nobody can have a first screen say so;
 * good for this entry alone, and only until then. The same form posted twice gives the same one.
 */
export function sealLimitNotice(
  seals: Seals,
  entryToken: string,
  retrySeconds: number,
  clock: Clock,
): string {
  const untilMinute = String(Math.ceil((clock.now().getTime() + retrySeconds * 1000) / minuteMs));
  return `${untilMinute}.${seals.mac(purpose, signedText(entryToken, untilMinute))}`;
}

/**
 * How many seconds are left of it; undefined for anything that is not one of ours for this entry,
 * and for one whose time is over.
 */
export function openLimitNotice(
  seals: Seals,
  entryToken: string,
  given: string,
  clock: Clock,
): number | undefined {
  const [untilMinute = "", mac = "", ...rest] = given.split(".");
  if (
    rest.length > 0 ||
    seals.verifyMac(purpose, signedText(entryToken, untilMinute), mac) === undefined
  )
    return undefined;
  const seconds = Math.ceil((Number(untilMinute) * minuteMs - clock.now().getTime()) / 1000);
  return seconds > 0 ? seconds : undefined;
}
