// Between node:http and the Request and Response that route handlers speak.

// A stream as body needs it (Fetch standard, RequestInit); TypeScript's DOM types do not have it
// yet.
const halfDuplex = /** @type {RequestInit} */ ({ duplex: "half" });

/**
 * A request as a route handler takes it. Nothing of its body is read before it is asked for, so
 * that Node disposes of one nobody wanted and the connection goes on.
 * @param {import('node:http').IncomingMessage} request
 */
export function toWebRequest(request) {
  const { method = "GET" } = request;
  const headers = Object.entries(request.headers).map(
    ([name, value]) => /** @type {[string, string]} */ ([name, String(value)]),
  );
  const body =
    method === "GET" || method === "HEAD" ? {} : { body: readLazily(request), ...halfDuplex };
  return new Request(`http://localhost${request.url}`, { method, headers, ...body });
}

/**
 * @param {Response} answer
 * @param {import('node:http').ServerResponse} response
 */
export async function sendWebResponse(answer, response) {
  const body = Buffer.from(await answer.arrayBuffer());
  response.writeHead(answer.status, [...answer.headers].flat()).end(body);
}

/** @param {import('node:http').IncomingMessage} request */
function readLazily(request) {
  /** @type {NodeJS.AsyncIterator<Buffer> | undefined} */
  let chunks;
  return new ReadableStream(
    {
      async pull(controller) {
        chunks ??= request.iterator({ destroyOnReturn: false });
        const { done, value } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await chunks?.return?.();
        request.resume();
      },
    },
    { highWaterMark: 0 },
  );
}
