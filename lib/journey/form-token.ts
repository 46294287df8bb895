import { createHash, randomBytes } from "node:crypto";
import type { Seals } from "../crypto/seal.ts";

const purpose = "form";

// The handle is long and secret; what is signed names it by its hash.
const signedText = (handle: string, step: string, nonce: string) =>
  `${createHash("sha256").update(handle).digest("base64url")}.${step}.${nonce}`;

/**
 * The token of one rendering of a form: bound to the handle and the step that was on the screen,
 * signed, so that only a form of ours is taken (CSRF), and random, so that an answer leads to a
 * handle that nobody can know who only knows the address of the form (session fixation).
 */
export function formToken(seals: Seals, handle: string, step: number): string {
  const nonce = randomBytes(32).toString("base64url");
  return `${step}.${nonce}.${seals.mac(purpose, signedText(handle, String(step), nonce))}`;
}

/**
 * What the token of a form says: the step that was on the screen, and the session handle that an
 * answer on it leads to.
 */
export interface FormToken {
  step: number;
  nextHandle: string;
}

/**
 * Reads a token; undefined for one that is not ours or of another handle. The same form always
 * leads to the same handle: a double click or a lost answer ends in the same place, and no other
 * rendering does (docs/decisions/003).
 */
export function openFormToken(seals: Seals, handle: string, token: string): FormToken | undefined {
  const [step = "", nonce = "", mac = "", ...rest] = token.split(".");
  const key =
    rest.length > 0 ? undefined : seals.verifyMac(purpose, signedText(handle, step, nonce), mac);
  // The key that signed the form also makes the handle, so that a rotation between two posts of it
  // changes nothing.
  return key === undefined
    ? undefined
    : {
        step: Number(step),
        nextHandle: seals.macWithKey(key, "session handle", signedText(handle, step, nonce)),
      };
}
