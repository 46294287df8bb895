// The two addresses Banking Service posts to: answered by the very route handler Next has, without Next around it (docs/performance.md).

// A stream as body needs it (Fetch standard, RequestInit); TypeScript's DOM types do not have it yet.
const halfDuplex = /** @type {RequestInit} */ ({ duplex: 'half' })
const addresses = new Set(['/notification', '/notifications'])

/**
 * Answers posted notifications and hands everything else on.
 * @param {import('./connector-server.mjs').Handler} next
 * @returns {import('./connector-server.mjs').Handler}
 */
export function serveNotifications(next) {
  return async (request, response) => {
    /** @type {((request: Request) => Promise<Response>) | undefined} left by instrumentation.ts */
    const post = Reflect.get(globalThis, Symbol.for('connector.notification'))
    if (!post || request.method !== 'POST' || !addresses.has(request.url ?? '')) return next(request, response)
    const headers = Object.entries(request.headers).map(([name, value]) => /** @type {[string, string]} */ ([name, String(value)]))
    const answer = await post(new Request(`http://localhost${request.url}`, { method: 'POST', headers, body: readLazily(request), ...halfDuplex }))
    const body = Buffer.from(await answer.arrayBuffer())
    response.writeHead(answer.status, [...answer.headers].flat()).end(body)
  }
}

/**
 * A body of which nothing is read before it is asked for, so that Node disposes of one nobody wanted and the connection goes on.
 * @param {import('node:http').IncomingMessage} request
 */
function readLazily(request) {
  /** @type {NodeJS.AsyncIterator<Buffer> | undefined} */
  let chunks
  return new ReadableStream(
    {
      async pull(controller) {
        chunks ??= request.iterator({ destroyOnReturn: false })
        const { done, value } = await chunks.next()
        if (done) controller.close()
        else controller.enqueue(value)
      },
      async cancel() {
        await chunks?.return?.()
        request.resume()
      },
    },
    { highWaterMark: 0 },
  )
}
