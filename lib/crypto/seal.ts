import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto";
import { openJson, sealJson } from "./sealed-json.ts";

/**
 * Encryption at rest and of handles: JWE under keys derived by HKDF, rotated as a key ring.
 * What is sealed and signed with `SEAL_KEYS`. The first key of the ring is current; the others
 * still open and verify, so that keys are rotated without a stop. A `purpose` is a fixed phrase
 * that gives its use a key of its own (RFC 5869 §3.2): what is sealed for one never opens for
 * another.
 */
export interface Seals {
  /** @throws {RangeError} for a value over 256 KiB of JSON. */
  seal: (purpose: string, value: unknown) => Promise<string>;
  /**
   * The sealed value, or undefined for anything not opened. Never throws. The shape is the caller's
   * to parse.
   */
  open: (purpose: string, sealed: string) => Promise<unknown>;
  /** HMAC-SHA256 by the current key, base64url. */
  mac: (purpose: string, text: string) => string;
  /**
   * The same by every key of the ring, the current one first: for what must be found again by a
   * replica in the middle of a rotation.
   */
  allMacs: (purpose: string, text: string) => string[];
  /**
   * The position in the ring of the key that made `mac`, or undefined. Takes the same time wherever
   * it fails.
   */
  verifyMac: (purpose: string, text: string, mac: string) => number | undefined;
  /**
   * HMAC-SHA256 by the key at a position that {@link Seals.verifyMac} gave.
   * @throws {RangeError} for any other.
   */
  macWithKey: (index: number, purpose: string, text: string) => string;
}

const derive = (key: string | Uint8Array, info: string) =>
  new Uint8Array(hkdfSync("sha256", key, "", info, 32));

/**
 * @param keys `SEAL_KEYS`: 32 random bytes each, the first one current.
 * @throws {RangeError} for an empty ring.
 */
export function createSeals(keys: readonly Uint8Array[]): Seals {
  const ring = keys.map((key) => ({
    id: Buffer.from(derive(key, "key id")).toString("base64url", 0, 6),
    derived: derivedKeys(key),
  }));
  const [current] = ring;
  if (!current) throw new RangeError("the key ring is empty");

  const macWithKey: Seals["macWithKey"] = (index, purpose, text) => {
    const key = ring[index];
    if (!key) throw new RangeError("no such key in the ring");
    return createHmac("sha256", key.derived(`mac ${purpose}`))
      .update(text)
      .digest("base64url");
  };
  return {
    seal: (purpose, value) => sealJson(current.derived(`seal ${purpose}`), value, current.id),
    open: (purpose, sealed) =>
      openJson((kid) => ring.find(({ id }) => id === kid)?.derived(`seal ${purpose}`), sealed),
    mac: (purpose, text) => macWithKey(0, purpose, text),
    allMacs: (purpose, text) => ring.map((_, index) => macWithKey(index, purpose, text)),
    verifyMac(purpose, text, mac) {
      const verdicts = ring.map((_, index) => equal(macWithKey(index, purpose, text), mac));
      const index = verdicts.indexOf(true);
      return index === -1 ? undefined : index;
    },
    macWithKey,
  };
}

/**
 * Seals a value with a key made from a raw session handle, which is stored nowhere: whoever holds
 * the database cannot open it, and once the handle is gone nobody can (design decision 8).
 *
 * @param secret the raw handle, at least 256 random bits.
 * @param context what the value belongs to, such as `session id/step`; a value moved to another row
 *   or step does not open.
 * @throws {RangeError} for a value over 256 KiB of JSON.
 */
export function sealWith(secret: string, context: string, value: unknown): Promise<string> {
  return sealJson(derive(secret, `session ${context}`), value);
}

/** What {@link sealWith} sealed with the same secret and context, or undefined. Never throws. */
export function openWith(secret: string, context: string, sealed: string): Promise<unknown> {
  return openJson(() => derive(secret, `session ${context}`), sealed);
}

/**
 * The keys derived from one key of the ring, made on first use. Purposes are fixed phrases, so
 * there are only a few.
 */
function derivedKeys(key: Uint8Array): (info: string) => Uint8Array {
  const known = new Map<string, Uint8Array>();
  return (info) => {
    const derived = known.get(info) ?? derive(key, info);
    known.set(info, derived);
    return derived;
  };
}

function equal(expected: string, given: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}
