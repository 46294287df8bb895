import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { sessionResults } from '../authorisations/session.ts'
import { refusalReasons } from '../banks/bank-adapter.ts'
import enGB from './en-GB.json' with { type: 'json' }

const root = path.resolve(import.meta.dirname, '../..')
const sources = ['app', 'lib'].flatMap((folder) =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !/\.(test|integration)\./.test(file) && !file.startsWith('platform/prisma'))
    .map((file) => readFileSync(path.join(root, folder, file), 'utf8')),
)
const source = sources.join('\n')

/** Keys that the code puts together from closed sets. */
const composed = new Set([
  ...sessionResults.flatMap((result) => [`${result}.heading`, `${result}.text`]),
  ...['unconfirmed', 'undelivered'].flatMap((told) => [`authorised.${told}.heading`, `authorised.${told}.text`]),
  ...[...refusalReasons, 'wrong-account'].flatMap((reason) => [`refused.${reason}.heading`, `refused.${reason}.text`]),
  ...['unexpected', 'unknown-challenge', 'too-many-steps'].flatMap((reason) => [`failed.${reason}.heading`, `failed.${reason}.text`]),
  ...Object.keys(enGB).filter((key) => /^(error\.[a-z-]+\.(heading|text)|phase\.(sign-in|verify|finish)|notice\.[a-z-]+|redirect\.(text|link)-(frame|window)|working\.after-\d+|bank-away\.problem)$/.test(key)),
])

describe('every message', () => {
  test.each(Object.keys(enGB))('%s is used', (key) => {
    expect(composed.has(key) || source.includes(`'${key}'`)).toBe(true)
  })
  test.each(Object.entries(enGB))('%s keeps to plain words', (_, text) => {
    // Accessibility bar A15.
    expect(text).not.toMatch(/\b(session|token|timed? ?out|authenticat\w*|submit|next|security code|invalid|please)\b/i)
  })
})
