// Between node:http and the Request and Response that route handlers speak.
import type { IncomingMessage, ServerResponse } from "node:http";

// A stream as body needs it (Fetch standard, RequestInit); TypeScript's DOM types do not have it
// yet.
const halfDuplex = { duplex: "half" } as RequestInit;

/**
 * A request as a route handler takes it. Nothing of its body is read before it is asked for, so
 * that Node disposes of one nobody wanted and the connection goes on.
 */
export function toWebRequest(request: IncomingMessage): Request {
  const { method = "GET" } = request;
  const headers = Object.entries(request.headers).map(([name, value]): [string, string] => [
    name,
    String(value),
  ]);
  const body =
    method === "GET" || method === "HEAD" ? {} : { body: readLazily(request), ...halfDuplex };
  return new Request(`http://localhost${request.url}`, { method, headers, ...body });
}

/** Sends what a route handler answered. */
export async function sendWebResponse(answer: Response, response: ServerResponse): Promise<void> {
  const body = Buffer.from(await answer.arrayBuffer());
  response.writeHead(answer.status, [...answer.headers].flat()).end(body);
}

function readLazily(request: IncomingMessage): ReadableStream<Uint8Array> {
  let chunks: NodeJS.AsyncIterator<Buffer> | undefined;
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
