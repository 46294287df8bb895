import { describe, expect, test } from 'vitest'
import { type Clock, systemClock } from './clock.ts'
import { createGate } from './gate.ts'

const patient: Clock = { ...systemClock, atMost: async (_, work) => void (await work) }
const impatient: Clock = { ...systemClock, atMost: async () => undefined }

describe('a gate', () => {
  test('lets in as many as it has places, and the others in order', async () => {
    const gate = createGate({ places: 2, mostWaiting: 10, clock: patient })
    const order: number[] = []
    const outs = await Promise.all([gate.enter(1), gate.enter(1)])
    const waiting = [1, 2, 3].map(async (number) => {
      const out = await gate.enter(1000)
      order.push(number)
      out()
    })
    expect(gate.pressure()).toBe(0.3)
    outs[0]!()
    await Promise.all(waiting)
    expect(order).toEqual([1, 2, 3])
    expect(gate.pressure()).toBe(0)
  })

  test('turns away at once who would make the queue too long', async () => {
    const gate = createGate({ places: 1, mostWaiting: 1, clock: patient })
    const out = await gate.enter(1)
    const second = gate.enter(1000)
    await expect(gate.enter(1000)).rejects.toMatchObject({ code: 'queue-full' })
    out()
    await second
  })

  test('turns away who has waited too long, and loses no place by it', async () => {
    const gate = createGate({ places: 1, mostWaiting: 5, clock: impatient })
    const out = await gate.enter(1)
    await expect(gate.enter(1)).rejects.toMatchObject({ code: 'queue-slow' })
    out()
    ;(await gate.enter(1))()
    await gate.enter(1)
    await expect(gate.enter(1)).rejects.toMatchObject({ code: 'queue-slow' })
  })

  test('counts a way out taken twice once', async () => {
    const gate = createGate({ places: 1, mostWaiting: 1, clock: impatient })
    const out = await gate.enter(1)
    out()
    out()
    await gate.enter(1)
    await expect(gate.enter(1)).rejects.toMatchObject({ code: 'queue-slow' })
  })
})
