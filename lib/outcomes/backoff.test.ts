import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { retryDelayMs } from './backoff.ts'

const almostOne = 1 - Number.EPSILON

describe('the wait before the next attempt', () => {
  it.each([
    { attempt: 1, random: 0, wait: 0 },
    { attempt: 1, random: 0.5, wait: 250 },
    { attempt: 1, random: almostOne, wait: 500 },
    { attempt: 2, random: almostOne, wait: 1000 },
    { attempt: 3, random: almostOne, wait: 2000 },
    { attempt: 4, random: 0.25, wait: 1000 },
    { attempt: 6, random: almostOne, wait: 16_000 },
    { attempt: 7, random: almostOne, wait: 30_000 },
    { attempt: 8, random: 0.5, wait: 15_000 },
    { attempt: 1e6, random: almostOne, wait: 30_000 },
    { attempt: 1, random: 0, retryAfterMs: 5000, wait: 5000 },
    { attempt: 1, random: almostOne, retryAfterMs: 5000, wait: 5500 },
    { attempt: 20, random: almostOne, retryAfterMs: 60_000, wait: 90_000 },
  ])('is $wait ms after attempt $attempt with random $random and Retry-After $retryAfterMs', ({ attempt, random, retryAfterMs, wait }) => {
    expect(retryDelayMs(attempt, { retryAfterMs, random: () => random })).toBe(wait)
  })

  it('never undercuts Retry-After, never exceeds it by more than the cap, and is a whole number', () => {
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), fc.option(fc.nat(3_600_000), { nil: undefined }), random, (attempt, retryAfterMs, drawn) => {
        const wait = retryDelayMs(attempt, { retryAfterMs, random: () => drawn })
        const floor = retryAfterMs ?? 0
        return Number.isInteger(wait) && wait >= floor && wait <= floor + Math.min(30_000, 500 * 2 ** (attempt - 1))
      }),
    )
  })
})
