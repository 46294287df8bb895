import { type Clock, systemClock } from './clock.ts'

/** Why a call to another system gave no usable answer; closed, safe to log. */
export type CallFailure = 'timeout' | 'network' | 'redirected' | 'too-large'

/** Thrown by clients of other systems. `retryable` tells whether the same call may be made again later. */
export class RemoteFault extends Error {
  override readonly name = 'RemoteFault'
  readonly code: string
  readonly retryable: boolean
  /** The status of an answer whose headers came and whose body did not; the other side has done its part. */
  readonly status: number | undefined
  constructor(code: string, options: { retryable: boolean; status?: number | undefined; cause?: unknown }) {
    super(code, { cause: options.cause })
    this.code = code
    this.retryable = options.retryable
    this.status = options.status
  }
}

/** A `fetch` with our limits in it; the shape `jose` and `openid-client` accept as their own. */
export type HttpClient = (input: string | URL, init?: RequestInit) => Promise<Response>

const largestAnswer = 256 * 1024

/**
 * A client for configured addresses only: no redirect is followed (it could lead to an address nobody configured), an answer larger than 256 KiB is refused, and the whole
 * exchange, body included, ends after `timeoutMs`.
 * @throws {RemoteFault} with a {@link CallFailure} as code.
 */
export function createHttpClient({ timeoutMs, clock = systemClock }: { timeoutMs: number; clock?: Clock }): HttpClient {
  return (input, init = {}) => clock.within(timeoutMs, async (signal) => {
    let status: number | undefined
    try {
      const response = await fetch(input, { ...init, signal, redirect: 'manual', cache: 'no-store' })
      if (response.status >= 300 && response.status < 400) throw new RemoteFault('redirected', { retryable: false })
      status = response.status
      const body = await readAtMost(response.body, largestAnswer)
      if (!body) throw new RemoteFault('too-large', { retryable: false, status })
      const hasBody = body.length > 0 && ![204, 205, 304].includes(response.status)
      return new Response(hasBody ? body : null, { status: response.status, headers: response.headers })
    } catch (error) {
      if (error instanceof RemoteFault) throw error
      throw new RemoteFault(signal.aborted ? 'timeout' : 'network', { retryable: true, status, cause: error })
    }
  }, init.signal)
}

/** The bytes of a body, or undefined as soon as more than `limit` of them have come. */
export async function readAtMost(body: ReadableStream<Uint8Array> | null, limit: number): Promise<Buffer<ArrayBuffer> | undefined> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body ?? []) {
    size += chunk.length
    // Leaving the loop cancels the stream, so the rest is never read.
    if (size > limit) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
