import type { Clock } from './clock.ts'

/** A door with so many places behind it. Who finds them taken waits, in order and for so long; when too many wait already, nobody else may. */
export interface Gate {
  /**
   * Resolves with the way out, to be called once, as soon as there is a place.
   * @throws {GateClosed} when too many wait already, or after `longestWaitMs`.
   */
  enter(longestWaitMs: number): Promise<() => void>
  /** How full the queue is, from 0 to 1. */
  pressure(): number
}

/** There is no place and none in sight: the caller should be told so now and not later. */
export class GateClosed extends Error {
  override readonly name = 'GateClosed'
  readonly code: 'queue-full' | 'queue-slow'
  constructor(code: 'queue-full' | 'queue-slow') {
    super(code)
    this.code = code
  }
}

export function createGate({ places, mostWaiting, clock }: { places: number; mostWaiting: number; clock: Clock }): Gate {
  let free = places
  const waiting = new Set<() => void>()

  // A place that becomes free goes to the one who has waited longest, and is never up for grabs in between.
  const leave = () => {
    const [next] = waiting
    if (next) {
      waiting.delete(next)
      next()
    } else {
      free += 1
    }
  }
  const wayOut = () => {
    let left = false
    return () => {
      if (left) return
      left = true
      leave()
    }
  }

  return {
    async enter(longestWaitMs) {
      if (free > 0) {
        free -= 1
        return wayOut()
      }
      if (waiting.size >= mostWaiting) throw new GateClosed('queue-full')
      let enter = () => {}
      const turn = new Promise<void>((resolve) => {
        enter = resolve
        waiting.add(enter)
      })
      await clock.atMost(longestWaitMs, turn)
      // Whoever is still in the queue was not called; whoever is not has the place.
      if (waiting.delete(enter)) throw new GateClosed('queue-slow')
      return wayOut()
    },
    pressure: () => waiting.size / mostWaiting,
  }
}
