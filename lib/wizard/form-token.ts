import { createHash, randomBytes } from 'node:crypto'
import type { Seals } from '../platform/seal.ts'

const firstForm = 'form of the first screen'
const stepForm = 'form of a step'

// The handle is long and secret; what is signed names it by its hash.
const named = (handle: string, rest: string) => `${createHash('sha256').update(handle).digest('base64url')}.${rest}`

/**
 * The token of one rendering of the first screen. It is random, so that every rendering makes a session handle of its own, and signed, so that only a form of ours is taken.
 */
export function firstFormToken(seals: Seals, entryHandle: string): string {
  const nonce = randomBytes(32).toString('base64url')
  return `${nonce}.${seals.mac(firstForm, named(entryHandle, nonce))}`
}

/**
 * The session handle that a form of the first screen leads to, or undefined for a token that is not ours. The same form always leads to the same handle: a double click or a lost answer
 * ends in the same place, and no other rendering does (design decision 3).
 */
export function sessionHandleFor(seals: Seals, entryHandle: string, token: string): string | undefined {
  const [nonce = '', mac = ''] = token.split('.')
  const key = seals.verifyMac(firstForm, named(entryHandle, nonce), mac)
  // The key that signed the form also makes the handle, so that a rotation between two posts of it changes nothing.
  return key === undefined ? undefined : seals.macWithKey(key, 'session handle', named(entryHandle, nonce))
}

/** The token of a session's form: bound to the session and to the step that was on the screen. */
export function stepFormToken(seals: Seals, sessionHandle: string, step: number): string {
  return `${step}.${seals.mac(stepForm, named(sessionHandle, String(step)))}`
}

/** The step whose form carries this token, or undefined for a token that is not of this session. */
export function stepOfToken(seals: Seals, sessionHandle: string, token: string): number | undefined {
  // Whatever stands in front, only what we wrote has a signature that is good.
  const at = token.indexOf('.')
  const step = token.slice(0, at)
  return seals.verifyMac(stepForm, named(sessionHandle, step), token.slice(at + 1)) === undefined ? undefined : Number(step)
}
