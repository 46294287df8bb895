import type { Call } from '../bench/http-client.mjs'
import type { Arena } from './arena.ts'
import type { Answered } from './history.ts'

/** A request, and the statuses that are right for it. */
export interface Asked {
  call: Call
  right: readonly number[]
  /** The authorisation it is about. */
  id?: string
}

/**
 * Sends requests at a steady pace, however long their answers take, and notes each answer.
 * @returns what stops it; resolves when the last answer is there.
 */
export function streamOf(arena: Pick<Arena, 'balancer' | 'history'>, kind: Answered['call'], perSecond: number, next: () => Asked): () => Promise<void> {
  const underWay = new Set<Promise<void>>()
  const send = async () => {
    const { call, right, id } = next()
    const { replica, status, ms, headers, failure } = await arena.balancer.send(call)
    arena.history.note({ what: 'answer', call: kind, ...(id === undefined ? {} : { id }), replica, status, ms: Math.round(ms), retryAfter: headers['retry-after']?.toString(), failure, right })
  }
  const timer = setInterval(() => {
    const sending: Promise<void> = send().finally(() => underWay.delete(sending))
    underWay.add(sending)
  }, 1000 / perSecond)
  return async () => {
    clearInterval(timer)
    await Promise.all(underWay)
  }
}
