import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { createSeals } from '../platform/seal.ts'
import { firstFormToken, sessionHandleFor, stepFormToken, stepOfToken } from './form-token.ts'

const key = () => new Uint8Array(randomBytes(32))
const [older, newer] = [key(), key()]
const seals = createSeals([older])
const entryHandle = 'header..iv.text.tag'

describe('the form of the first screen', () => {
  test('leads to the same session handle every time it is posted', () => {
    const token = firstFormToken(seals, entryHandle)
    const handle = sessionHandleFor(seals, entryHandle, token)
    expect(handle).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(sessionHandleFor(seals, entryHandle, token)).toBe(handle)
  })
  test('leads to another handle than another rendering of the same screen', () => {
    const [one, other] = [firstFormToken(seals, entryHandle), firstFormToken(seals, entryHandle)]
    expect(sessionHandleFor(seals, entryHandle, one)).not.toBe(sessionHandleFor(seals, entryHandle, other))
  })
  test('still leads to the same handle after a key was put in front of the one that signed it', () => {
    const token = firstFormToken(seals, entryHandle)
    expect(sessionHandleFor(createSeals([newer, older]), entryHandle, token)).toBe(sessionHandleFor(seals, entryHandle, token))
  })
  test.each([
    ['an empty token', ''],
    ['garbage', 'abc.def'],
    ['a token of another screen', firstFormToken(seals, 'another..entry.handle.x')],
    ['a token signed with another key', firstFormToken(createSeals([key()]), entryHandle)],
    ['a token of a step', stepFormToken(seals, entryHandle, 1)],
  ])('leads nowhere with %s', (_, token) => {
    expect(sessionHandleFor(seals, entryHandle, token)).toBeUndefined()
  })
})

// While replicas of two releases run, the form of one is posted to the other.
test('tokens and handles are the same in every release', () => {
  const fixed = createSeals([new Uint8Array(32)])
  const token = `${'n'.repeat(43)}.4FOLZa7a7_xDwwLY7fOQpQorucfwH9pqImvL06-hXQQ`
  expect(sessionHandleFor(fixed, entryHandle, token)).toBe('k5yDLyl5LTJvz3inV_rysJLkUUzwqC_0QYMY14M2EeY')
  expect(stepFormToken(fixed, 'handle', 7)).toBe('7.CPeCBHqynibUjqn9zmuIC9-TOyg_BVztKuInVgfeU9w')
})

describe('the form of a step', () => {
  test('names its step', () => {
    expect(stepOfToken(seals, 'handle', stepFormToken(seals, 'handle', 7))).toBe(7)
  })
  test.each([
    ['another session', stepFormToken(seals, 'other', 7)],
    ['another step number', stepFormToken(seals, 'handle', 7).replace('7.', '8.')],
    ['a number written otherwise', stepFormToken(seals, 'handle', 7).replace('7.', '07.')],
    ['another key', stepFormToken(createSeals([key()]), 'handle', 7)],
    ['nothing', ''],
    ['the first form', firstFormToken(seals, 'handle')],
  ])('is refused with the token of %s', (_, token) => {
    expect(stepOfToken(seals, 'handle', token)).toBeUndefined()
  })
})

describe('a token', () => {
  const seals = createSeals([randomBytes(32)])
  test('of one kind of form is none of the other, whatever stands in it', () => {
    const handle = 'h'.repeat(43)
    const step = stepFormToken(seals, handle, 7)
    expect(sessionHandleFor(seals, handle, step)).toBeUndefined()
    // The same text signed as the other kind: the purposes have keys of their own.
    const nonce = firstFormToken(seals, handle).split('.')[0] ?? ''
    const mac = step.split('.')[1] ?? ''
    expect(sessionHandleFor(seals, handle, `7.${mac}`)).toBeUndefined()
    expect(stepOfToken(seals, handle, `${nonce}.${mac}`)).toBeUndefined()
  })
  test.each(['', '.', '7', '7.', '.x', '-1.x', '7.x.y', '1234567.x', ' 7.x', '7.x\n', 'x7.x'])('is not “%s”', (garbage) => {
    expect(stepOfToken(seals, 'handle', garbage)).toBeUndefined()
    expect(sessionHandleFor(seals, 'handle', garbage)).toBeUndefined()
  })
  test('with anything before, behind or instead of its parts is none', () => {
    const token = stepFormToken(seals, 'handle', 12)
    const [step, mac] = token.split('.')
    for (const other of [`x${token}`, `${token}=`, `${token}.`, `${token} `, `0${token}`, `1${token}`, `${step}.`, `.${mac}`, `13.${mac}`, `${step}.${mac?.slice(1)}`]) expect(stepOfToken(seals, 'handle', other)).toBeUndefined()
    expect(stepOfToken(seals, 'handle', token)).toBe(12)
    expect(stepOfToken(seals, 'another', token)).toBeUndefined()
  })
  test('holds 256 random bits on the first screen', () => {
    const nonces = Array.from({ length: 50 }, () => firstFormToken(seals, 'handle').split('.')[0])
    expect(new Set(nonces).size).toBe(50)
    for (const nonce of nonces) expect(Buffer.from(nonce ?? '', 'base64url')).toHaveLength(32)
  })
})
