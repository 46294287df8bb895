import { describe, expect, test } from 'vitest'
import { defaultLocale, negotiateLocale, readerFor } from './reader.ts'

describe('the language of a request', () => {
  test.each([null, '', '*', 'tlh', 'en', 'en-GB', 'en-US,en;q=0.9', 'xx;q=nonsense', 'en-GB;q=0'])('is one we have for %j', (header) => {
    expect(negotiateLocale(header)).toBe(defaultLocale)
  })
  test('is found in no time for a header of any length', () => {
    expect(negotiateLocale(','.repeat(5000) + 'x'.repeat(100_000))).toBe(defaultLocale)
  })
  test('falls back to the default for a locale we do not have', () => {
    expect(readerFor('__proto__').locale).toBe(defaultLocale)
  })
})

describe('a message', () => {
  const { t } = readerFor('en-GB')
  test('takes a bank\'s words as text and never as markup or as a message', () => {
    expect(t('credentials.heading', { bank: '<b>{x}</b> & \'Co\'' })).toBe('Sign in to <b>{x}</b> & \'Co\'')
  })
  test('counts', () => {
    expect([t('security-questions.heading', { count: 1 }), t('security-questions.heading', { count: 2 })]).toEqual(['Answer your security question', 'Answer your security questions'])
  })
})
