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
