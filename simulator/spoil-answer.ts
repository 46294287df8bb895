import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout } from "node:timers/promises";

import type { Fault } from "./control-api.ts";

/**
 * Lets a call take effect and spoils what is answered: the cases in which a caller cannot know, or
 * must look closely, what happened.
 */
export function spoilAnswer(
  { loseReply, truncate, mistype, answerAfterMs, trickleMs = 0 }: Fault,
  { socket }: IncomingMessage,
  response: ServerResponse,
  stopping: AbortSignal,
): void {
  const end = response.end.bind(response);
  if (mistype) {
    const writeHead = response.writeHead.bind(response);
    response.writeHead = (status: number) => writeHead(status, { "content-type": "text/html" });
    response.end = (() => end("<h1>Welcome</h1>")) as typeof response.end;
    return;
  }
  response.end = ((body: unknown) => {
    const bytes = Buffer.from(String(body));
    if (loseReply) socket.destroy();
    else if (answerAfterMs !== undefined)
      void setTimeout(answerAfterMs, undefined, { ref: false }).then(
        () => response.destroyed || end(bytes),
      );
    else if (truncate) response.write(bytes.subarray(0, bytes.length / 2), () => socket.destroy());
    else void trickle(response, end, bytes, trickleMs, stopping);
    return response;
  }) as typeof response.end;
}

async function trickle(
  response: ServerResponse,
  end: () => unknown,
  bytes: Buffer,
  pauseMs: number,
  stopping: AbortSignal,
): Promise<void> {
  for (const byte of bytes) {
    if (response.destroyed || stopping.aborted) return;
    response.write(Buffer.of(byte));
    await setTimeout(pauseMs, undefined, { ref: false });
  }
  end();
}
