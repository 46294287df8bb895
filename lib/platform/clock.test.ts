import { describe, expect, it } from 'vitest'
import { systemClock } from './clock.ts'

const longMs = 600_000
const aborted = (signal: AbortSignal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve(signal.reason)))

describe('within', () => {
  it('gives back what the work gives, and leaves no timer behind', async () => {
    const before = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
    expect(await systemClock.within(longMs, async () => 'done')).toBe('done')
    await expect(systemClock.within(longMs, async () => Promise.reject(new Error('failed')))).rejects.toThrow('failed')
    expect(process.getActiveResourcesInfo().filter((name) => name === 'Timeout')).toHaveLength(before)
  })

  it('aborts when the time is over', async () => {
    expect(await systemClock.within(1, aborted)).toMatchObject({ name: 'TimeoutError' })
  })

  it('aborts with the other signal, also with one that was aborted before', async () => {
    const other = new AbortController()
    const under = systemClock.within(longMs, aborted, other.signal)
    other.abort('gone')
    expect(await under).toBe('gone')
    expect(await systemClock.within(longMs, async (signal) => signal.reason, other.signal)).toBe('gone')
  })
})
